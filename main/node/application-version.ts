// The version of the application, from the package that it belongs to.
import { applicationPackage } from './application-root.ts';

/** The version in the application's `package.json`. Throws an Error when the application lies outside its package. */
export function applicationVersion(): string {
  return applicationPackage().version;
}
