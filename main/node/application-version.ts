// The version of the application, from the package that it belongs to: beside the sources as well as beside the bundle.
import { applicationPackage } from './installation.ts';

/** The version in the nearest `package.json` above this file. Throws an Error when the application lies outside its package. */
export function applicationVersion(): string {
  return applicationPackage().version;
}
