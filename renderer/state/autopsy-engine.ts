// What makes and reads autopsies, in a chunk of its own: it is loaded when the first is made.
export { readAutopsy } from '#common/autopsy/autopsy-document.ts';
export { examine } from '#common/autopsy/examine.ts';
