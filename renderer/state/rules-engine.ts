// What judges by rules, in a chunk of its own: a window without rules does not load it.
export { readRules } from '#common/rules/rules-file.ts';
export { RulesRun } from '#common/rules/rules-run.ts';
