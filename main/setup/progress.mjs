// Words for a person who waits: which step, of how many, how long, and the newest line of what it does. On a pipe only the beginnings and ends.
const live = process.stderr.isTTY;

function seconds(value) {
  return value < 60 ? `${value.toFixed(0)} s` : `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

/** The `report` that driver/lab/build.mjs and the other steps call; writes to standard error, so that standard output stays a program's own. */
export function reportProgress({ step, of, title, line, seconds: elapsed, state }) {
  const head = of ? `[${step}/${of}] ${title}` : title;
  if (state === 'begin') process.stderr.write(`${head} …\n`);
  else if (state === 'done') process.stderr.write(`${live ? '\r\x1b[K' : ''}${head}: done in ${seconds(elapsed)}\n`);
  else if (live)
    process.stderr.write(
      `\r\x1b[K    ${seconds(elapsed).padStart(10)}  ${line.slice(0, Math.max(20, (process.stderr.columns ?? 100) - 18))}`,
    );
}

/** Prints an error as a user should see it: what failed, the last output, what to do next. */
export function reportFailure(error) {
  if (live) process.stderr.write('\r\x1b[K');
  if (error.output) process.stderr.write(`${error.output.trimEnd().replace(/^/gm, '    ')}\n`);
  process.stderr.write(`ringscope: ${error.name === 'StepError' ? error.message : (error.stack ?? error)}\n`);
  if (error.remedy) process.stderr.write(`What to do: ${error.remedy}\n`);
}
