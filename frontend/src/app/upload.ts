/** One resumable upload (tus 1.0): sent in pieces, picked up again after a cut, then looked into by the server. */

import { type DetailedError, Upload } from "tus-js-client";
import { ask, csrf } from "./request";

const CHUNK = 4_000_000;
const RETRIES = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000];

export interface Told<Media> {
  /** Bytes that the server has confirmed. */
  sent: (bytes: number) => void;
  /** The line broke; it is tried again by itself. */
  broken?: () => void;
  looking: () => void;
  failed: (reason: string) => void;
  done: (media: Media) => void;
}

export interface Running {
  start: () => void;
  /** What has arrived stays; start goes on from there. */
  pause: () => void;
  stop: () => void;
}

export interface More {
  folder?: string;
  /** Where an upload that this browser does not remember may go on. */
  begun?: (before: string) => string;
}

interface Outcome<Media> { media: Media | null; problem: string }

export function upload<Media>(api: string, file: File, told: Told<Media>, words: { stopped: string; away: string }, more: More = {}): Running {
  const tus = new Upload(file, {
    endpoint: `${api}/uploads`, chunkSize: CHUNK, retryDelays: RETRIES, removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, filetype: file.type, ...(more.folder ? { folder: more.folder } : {}) },
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf()),
    onChunkComplete: (_size, sent) => told.sent(sent),
    onShouldRetry: (error) => {
      const passing = passes((error as DetailedError).originalResponse?.getStatus() ?? 0);
      if (passing) told.broken?.();
      return passing;
    },
    onError: (error) => told.failed(sentence(error) || words.stopped),
    onSuccess: () => {
      told.looking();
      void look<Media>(tus.url ?? "", words.away).then((found) => typeof found === "string" ? told.failed(found) : told.done(found));
    },
  });
  return {
    start: () => void tus.findPreviousUploads().then((before) => {
      const known = more.begun?.(before[0]?.uploadUrl ?? "");
      if (before[0]) tus.resumeFromPreviousUpload(before[0]);
      else if (known && !tus.url) tus.url = known;
      tus.start();
    }),
    pause: () => void tus.abort(),
    stop: () => void tus.abort(true).catch(() => undefined),
  };
}

/** Whether what this status says may be over in a moment; a full disk and a refusal are not. */
function passes(status: number): boolean {
  return status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
}

/** What the server says is wrong. */
function sentence(error: Error | DetailedError): string {
  try {
    return String((JSON.parse((error as DetailedError).originalResponse?.getBody() ?? "") as { detail?: string }).detail ?? "");
  } catch {
    return "";
  }
}

/** What became of the bytes: media, or the reason why not. */
async function look<Media>(url: string, away: string): Promise<Media | string> {
  for (;;) {
    const outcome = await ask<Outcome<Media>>("GET", url);
    if (!outcome.ok) return outcome.trouble.detail || away;
    if (outcome.value.media) return outcome.value.media;
    if (outcome.value.problem) return outcome.value.problem;
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}
