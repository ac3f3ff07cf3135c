import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import { explorerScript } from "./explorer-script";
import { send } from "./reply";

/** A browser that comes to look, not a program with a question. */
export function wantsExplorer(req: Request): boolean {
  return req.method === "GET" && req.query["query"] === undefined && (req.headers.accept ?? "").includes("text/html");
}

/**
 * A page to try things out on, for development: a question, variables, a token, the answer, and the schema to read. One
 * file without anything from elsewhere, so that it works offline and under a strict content policy.
 */
export function sendExplorer(res: Response): void {
  const nonce = randomBytes(16).toString("base64");
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  res.setHeader("Content-Security-Policy", policy);
  send(res, 200, "text/html; charset=utf-8", page(nonce));
}

const sample = `query Members($first: Int!) {
  organization {
    name
    seatSummary { purchased occupied reserved available }
    members(first: $first) {
      nodes { id name email status seat { plan { name } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const style = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:0;display:grid;grid-template:auto 1fr/1fr 1fr 20rem;height:100vh}
header{grid-column:1/-1;display:flex;gap:1rem;align-items:center;padding:.6rem 1rem;border-bottom:1px solid #8884}
header h1{font-size:1rem;margin:0}header input{flex:1;max-width:34rem}
input,textarea,button{font:inherit;color:inherit;background:transparent;border:1px solid #8888;border-radius:6px;padding:.4rem .6rem}
button{font-weight:600;cursor:pointer}textarea,pre{font:13px/1.5 ui-monospace,monospace}
section{display:flex;flex-direction:column;gap:.5rem;padding:1rem;min-height:0;border-right:1px solid #8884}
#query{flex:3;resize:none}#variables{flex:1;resize:none}pre{flex:1;overflow:auto;margin:0;white-space:pre-wrap}
aside{overflow:auto;padding:1rem}summary{cursor:pointer;font-weight:600}dt{font-family:ui-monospace,monospace;font-size:13px}dd{margin:0 0 .4rem 1rem;opacity:.75;font-size:13px}
label{font-size:13px;opacity:.75}:focus-visible{outline:3px solid #f0a500}
@media(max-width:60rem){body{display:block;height:auto}header{flex-wrap:wrap}header input{min-width:12rem}
section{border:0;border-bottom:1px solid #8884}#query{min-height:14rem}#variables{min-height:5rem}pre{min-height:6rem}}`;

const page = (nonce: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Plenum GraphQL</title><style nonce="${nonce}">${style}</style></head><body>
<header><h1>Plenum GraphQL</h1><label for="token">Token</label>
<input id="token" type="password" placeholder="plm_… (empty: your session)" autocomplete="off">
<button id="run" type="button">Run (Ctrl+Enter)</button><span id="status" role="status"></span></header>
<section><label for="query">Operation</label><textarea id="query" spellcheck="false">${sample}</textarea>
<label for="variables">Variables</label><textarea id="variables" spellcheck="false">{ "first": 10 }</textarea></section>
<section><label for="answer">Answer</label><pre id="answer" tabindex="0"></pre></section>
<aside><label for="find">Schema</label> <input id="find" placeholder="type or field"><div id="schema"></div></aside>
<script nonce="${nonce}">${explorerScript}</script></body></html>
`;
