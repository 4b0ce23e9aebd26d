/** A system's client of Uramost: it keeps its own token, and a refusal is a type. */

import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];
export type Uramost = Client<paths>;

export interface Credentials {
  id: string;
  secret: string;
}

/** Renewed this long before it ends, so that none expires on its way. */
const MARGIN = 10_000; // milliseconds

/** An answer that declines (RFC 9457): decide on `problem.type`, show `problem.title`. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.title} (${problem.type}, trace ${problem.trace})`);
    this.problem = problem;
  }
}

/** Speak to a gateway as one client. */
export function connect(gateway: string, credentials: Credentials): Uramost {
  const client = createClient<paths>({ baseUrl: gateway });
  client.use(bearing(client, credentials));
  return client;
}

/** What a request comes to: data, or a problem of one of the types that it names. */
type Answer<Data, Reason extends Problem> = { response: Response } & (
  | { data: Data; error?: never }
  | { data?: never; error: Reason }
);

/** Give what came of a request that has to succeed. */
export async function done<Data>(asked: Promise<Answer<Data, Problem>>): Promise<Data> {
  const { data, error, response } = await asked;
  if (!response.ok) throw new Refused(error ?? unsaid(response));
  return data as Data;
}

/** Give the problem with which a request that must not succeed is declined. */
export async function refused<Reason extends Problem>(
  asked: Promise<Answer<unknown, Reason>>,
): Promise<Reason> {
  const { error } = await asked;
  if (error === undefined) throw new Error("This should have been refused.");
  return error;
}

/** Read a list to its end, a page at a time; a cursor is for the registry to read. */
export async function* every<Item>(
  page: (cursor: string | null) => Promise<{ items: Item[]; next?: string | null }>,
): AsyncGenerator<Item> {
  let cursor: string | null = null;
  do {
    const { items, next = null }: { items: Item[]; next?: string | null } = await page(cursor);
    yield* items;
    cursor = next;
  } while (cursor !== null);
}

/** Whoever stands before the registry may answer for it, and without a word. */
function unsaid({ status, statusText: title }: Response): Problem {
  return { type: "about:blank", title, status, trace: "" };
}

/** Show a token with every request, and obtain another before it ends. */
function bearing(client: Uramost, credentials: Credentials): Middleware {
  let token = "";
  let until = 0;
  return {
    async onRequest({ request, schemaPath }) {
      if (schemaPath === "/token") return;
      if (Date.now() > until) {
        const issued = await obtain(client, credentials);
        token = issued.access_token;
        until = Date.now() + issued.expires_in * 1000 - MARGIN;
      }
      request.headers.set("authorization", `Bearer ${token}`);
    },
  };
}

/** OAuth 2.0, client credentials (RFC 6749 §4.4). */
async function obtain(client: Uramost, { id, secret }: Credentials): Promise<Schemas["TokenView"]> {
  const { data, error } = await client.POST("/token", {
    headers: {
      authorization: `Basic ${btoa(`${id}:${secret}`)}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: { grant_type: "client_credentials" },
  });
  if (data === undefined) throw new Error(`No token for ${id}: ${JSON.stringify(error)}`);
  return data;
}
