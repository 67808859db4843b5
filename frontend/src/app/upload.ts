/** One resumable upload (tus 1.0): sent in pieces, picked up again after a cut, then looked into by the server. */

import { Upload } from "tus-js-client";
import { ask, csrf } from "./request";

const CHUNK = 4_000_000;
const RETRIES = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000];

export interface Told<Media> {
  /** Bytes that the server has confirmed. */
  sent: (bytes: number) => void;
  looking: () => void;
  failed: (reason: string) => void;
  done: (media: Media) => void;
}

export interface Running {
  start: () => void;
  stop: () => void;
}

interface Outcome<Media> { media: Media | null; problem: string }

export function upload<Media>(api: string, file: File, told: Told<Media>, words: { stopped: string; away: string }): Running {
  const tus = new Upload(file, {
    endpoint: `${api}/uploads`, chunkSize: CHUNK, retryDelays: RETRIES, removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, filetype: file.type },
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf()),
    onChunkComplete: (_size, sent) => told.sent(sent),
    onError: () => told.failed(words.stopped),
    onSuccess: () => {
      told.looking();
      void look<Media>(tus.url ?? "", words.away).then((found) => typeof found === "string" ? told.failed(found) : told.done(found));
    },
  });
  return {
    start: () => void tus.findPreviousUploads().then((before) => {
      if (before[0]) tus.resumeFromPreviousUpload(before[0]);
      tus.start();
    }),
    stop: () => void tus.abort(true).catch(() => undefined),
  };
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
