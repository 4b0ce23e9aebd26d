/**
 * One full story: somebody is registered twice, an award is made across the divide, and
 * it pays for a job that begins.
 *
 * `URAMOST_GATEWAY` is the address; `URAMOST_SECRETS` a folder with a file for each
 * client, its secret in it. `docs/clients.md` tells who takes part.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, type Uramost } from "./client.ts";
import { award } from "./story/grants.ts";
import { place } from "./story/jobs.ts";
import { register } from "./story/people.ts";

const gateway = process.env["URAMOST_GATEWAY"] ?? "http://127.0.0.1:8000";
const secrets = process.env["URAMOST_SECRETS"] ?? "../../.state/secrets/demo";

function as(id: string): Uramost {
  return connect(gateway, { id, secret: readFileSync(join(secrets, id), "utf8").trim() });
}

const agency = as("unicef-demo");
const assessors = { "unicef-ana": as("unicef-ana"), "unicef-besa": as("unicef-besa") };
const north = as("most-demo");
const south = as("ura-demo");

const seeker = await register(agency);
const grant = await award(agency, assessors, north, south);
await place(agency, seeker, grant);
console.log("Registered, reviewed, awarded and placed.");
