// A report decoded: where, who, why, the call trace, registers and code.
import { frameText } from '#common/kernel-log/call-trace.ts';
import type { KernelReport } from '#common/kernel-log/report.ts';
import { taintMeanings } from '#common/kernel-log/taint.ts';
import { groupHex, missing } from '../../ui/format.ts';
import type { KnownReport } from './known-reports.ts';

const noAnswer = 'The report does not say.';

function Fact({ name, value, title }: { name: string; value: string | null; title?: string | undefined }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="mono" title={value === null ? noAnswer : title}>
        {value ?? missing}
      </td>
    </tr>
  );
}

function Facts({ report }: { report: KernelReport }) {
  const { place, source, cpu, comm, pid, taint, kernel, hardware, workqueue, faultAddress, faultDetails, message } = report;
  return (
    <table>
      <tbody>
        <Fact name="Reason" value={report.reason} />
        {message === null ? null : <Fact name="Message" value={message} />}
        <Fact name="Function" value={place && frameText(place)} title={place?.symbol} />
        {source === null ? null : <Fact name="Source" value={source} />}
        <Fact name="Process" value={comm && `${comm}, pid ${pid ?? missing}`} />
        <Fact name="CPU" value={cpu === null ? null : String(cpu)} />
        {faultAddress === null ? null : <Fact name="Address" value={`0x${groupHex(faultAddress)}`} />}
        {faultDetails.map((detail) => (
          <Fact key={detail} name="Access" value={detail.replace(/^#PF: /, '')} />
        ))}
        {workqueue === null ? null : <Fact name="Work queue" value={workqueue} />}
        {taint === '' ? <Fact name="Taint" value="not tainted" /> : null}
        {taint === null ? <Fact name="Taint" value={null} /> : null}
        {taintMeanings(taint ?? '').map(({ letter, meaning }) => (
          <Fact key={letter} name={`Taint ${letter}`} value={meaning} />
        ))}
        <Fact name="Kernel" value={kernel} />
        {hardware === null ? null : <Fact name="Hardware" value={hardware} />}
      </tbody>
    </table>
  );
}

function Traces({ traces }: Pick<KernelReport, 'traces'>) {
  if (traces.length === 0) return <p className="soft">The report has no call trace.</p>;
  return traces.map(({ of, frames }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: traces have no name of their own, and are only ever added at the end
    <section key={index}>
      <h3>Call trace{of && traces.length > 1 ? ` of ${of}` : ''}</h3>
      <ol className="call-trace mono">
        {frames.map((frame, at) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a function may stand twice in a trace
            key={at}
            className={frame.isReliable ? undefined : 'soft'}
            title={frame.isReliable ? frame.symbol : `${frame.symbol}: merely lay on the stack, and may be left from an earlier call`}
          >
            {frame.context && frame.context !== frames[at - 1]?.context ? <span className="soft">{frame.context} </span> : null}
            {frame.isReliable ? '' : '? '}
            {frame.name}
            <span className="soft">{frameText(frame).slice(frame.name.length)}</span>
          </li>
        ))}
      </ol>
    </section>
  ));
}

/** The decoded report. */
export function ReportDetail({ known: { report, title } }: { known: KnownReport }) {
  return (
    <section className="report-detail" aria-label={`Decoded: ${title}`} tabIndex={0}>
      <Facts report={report} />
      <Traces traces={report.traces} />
      {report.code ? (
        <section>
          <h3>Code</h3>
          <p className="mono code-bytes" title="Bytes around the instruction pointer; the marked one is where it stood">
            {report.code.bytes.map((byte, index) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: bytes have nothing but their place
              index === report.code?.marked ? <mark key={index}>{byte}</mark> : <span key={index}>{byte}</span>,
            )}
          </p>
        </section>
      ) : null}
      {report.registers.length > 0 ? (
        <section>
          <h3>Registers</h3>
          <dl className="report-registers mono">
            {report.registers.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{groupHex(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
    </section>
  );
}
