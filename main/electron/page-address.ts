// The page's own scheme: an origin of its own, unlike file://, under which the security headers hold.

/** The scheme that only this application serves. */
export const scheme = 'app';

/** The one host below it. */
export const host = 'ringscope';

/** Where the page is loaded from. */
export const pageAddress = `${scheme}://${host}/`;

/** Whether an address lies below our origin. Compared by part: the origin of such an address is “null” to Node's URL. */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host: found, username, password } = new URL(address);
  return protocol === `${scheme}:` && found === host && username === '' && password === '';
}
