// Matches texts beside the window's own thread: an expression that takes for ever stops nothing there, and can be ended.
import { answerMatch, type MatchRequest } from './match-texts.ts';

const worker = globalThis as unknown as {
  onmessage: ((event: MessageEvent<MatchRequest>) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
};

worker.onmessage = ({ data }) => {
  const answer = answerMatch(data);
  worker.postMessage(answer, answer.type === 'matches' ? [answer.found.buffer] : []);
};
