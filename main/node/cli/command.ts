// What a command of the command line is: its words and its options as data, from which reading, help, completion and the man page are made.

/** An option of a command. `argument` is how its value is called in the help; an option without one is a switch. */
export interface Option {
  readonly argument?: string;
  readonly description: string;
  readonly default?: string;
  readonly short?: string;
  /** What completion offers for its value: these words, or the names of files. */
  readonly offers?: Offers;
}

/** Words that completion offers where a value is due, or `files`. */
export type Offers = readonly string[] | 'files';

/** What a command was given, and what it may use. */
export interface Invocation {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
  /** Writes to standard output; resolves once it has left. */
  print(text: string): Promise<void>;
  /** Says what is going on, to people who watch standard error. */
  onStep(step: string): void;
  /** Aborted by SIGINT, SIGTERM and SIGHUP: the command ends early, with everything that it started. */
  readonly signal: AbortSignal;
}

/** A command. `run` resolves with the exit code; it throws a UsageError for arguments that make no sense, and an Error whose message is a sentence otherwise. */
export interface Command {
  readonly name: string;
  /** A few words, for the list of commands. */
  readonly summary: string;
  /** A paragraph for the command's own help. */
  readonly description: string;
  /** How its positional arguments are called in the help, such as `FILE`; a command without it takes none. */
  readonly positionals?: string;
  /** What completion offers for them. */
  readonly offers?: Offers;
  readonly options: Readonly<Record<string, Option>>;
  /** Exit codes beside 0 and 1, with their meaning; 1 too where it means something else than a failure that is told on standard error. */
  readonly exitCodes?: Readonly<Record<number, string>>;
  /** The exit code of arguments that make no sense and of errors; 1 unless told otherwise. */
  readonly failureCode?: number;
  /** Whether the lab must have been built for these arguments. A command that does not say needs it for the target `lab` alone. */
  usesLab?(asked: Pick<Invocation, 'options' | 'positionals'>): boolean;
  run(invocation: Invocation): Promise<number>;
}

/** The arguments make no sense; the message is a sentence without its full stop. */
export class UsageError extends Error {}

/** A number of an option within its limits, or a UsageError that names them. */
export function numberOption(name: string, text: string | undefined, least: number, most: number): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= least && value <= most)) throw new UsageError(`--${name} takes a number from ${least} to ${most}, not "${text}"`);
  return value;
}

/** The session's name, or a UsageError. */
export function sessionName(text: string | undefined): string {
  if (text === undefined || !/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(text))
    throw new UsageError(`--name takes letters, digits, - and _, not "${text}"`);
  return text;
}

/** The option that every command with a session has. */
export const nameOption: Option = {
  argument: 'NAME',
  default: 'lab',
  description: 'the session’s name, to use another lab beside an open application',
};
