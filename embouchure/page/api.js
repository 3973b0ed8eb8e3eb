/** The service's HTTP interface; what goes wrong is said in the service's own sentence. */

const ROOT = "/api/v1/";

/** Something the service refused, in one sentence. */
export class Refusal extends Error {}

export class Api {
  /** Whether something was asked for that the service was not there to give. */
  isUnanswered = false;

  /** @param {(sentence: string, kind?: string) => void} say */
  constructor(say) {
    this.say = say;
  }

  get(path) { return this.ask("GET", path); }
  /** Get what may not be there: null then, and nothing is said. */
  find(path) { return this.#send("GET", path).catch(() => null); }
  post(path, body) { return this.ask("POST", path, body); }
  put(path, body) { return this.ask("PUT", path, body); }
  patch(path, body) { return this.ask("PATCH", path, body); }
  delete(path) { return this.ask("DELETE", path); }

  /**
   * Ask the service; a refusal is said and then thrown.
   *
   * @param {string} method
   * @param {string} path under /api/v1/
   * @param {object|Blob|ArrayBuffer} [body] JSON unless it is bytes
   * @returns {Promise<any>} JSON, text, or null for an empty answer
   */
  async ask(method, path, body) {
    try {
      return await this.#send(method, path, body);
    } catch (error) {
      this.say(error.message, "error");
      throw error;
    }
  }

  /** Do what `ask` does where the sentence of a refusal is enough. @returns {Promise<boolean>} whether it was done */
  tell(method, path, body) {
    return this.ask(method, path, body).then(() => true, () => false);
  }

  async #send(method, path, body) {
    const isBytes = body instanceof Blob || body instanceof ArrayBuffer;
    const type = isBytes ? "application/octet-stream" : "application/json";
    const answer = await fetch(ROOT + path, {
      method,
      keepalive: body === undefined,
      headers: body === undefined ? {} : { "Content-Type": type },
      body: isBytes || body === undefined ? body : JSON.stringify(body),
    }).catch(() => {
      this.isUnanswered ||= method === "GET";
      throw new Refusal("The service does not answer; is it still running?");
    });
    if (!answer.ok) throw new Refusal(await sentenceOf(answer));
    return contentOf(answer);
  }
}

async function contentOf(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  if (answer.status === 204 || answer.headers.get("Content-Length") === "0") return null;
  if (type.includes("json")) return answer.json();
  return type.startsWith("text/") || type.includes("svg") ? answer.text() : answer.blob();
}

async function sentenceOf(answer) {
  const found = await answer.json().catch(() => null);
  const detail = found?.detail;
  return typeof detail === "string" ? detail : `The service refused this (${answer.status}).`;
}
