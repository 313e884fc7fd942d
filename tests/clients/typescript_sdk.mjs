// What a program does with the Anthropic SDK for TypeScript. Prints what came as JSON, as python_sdk.py does.

import Anthropic from "@anthropic-ai/sdk";
import { VERSION } from "@anthropic-ai/sdk/version";

const MODEL = "claude-sonnet-5-5";
const QUESTION = [{ role: "user", content: "What is the weather in 北京? \u2028 \u{1f326}" }];
const TOOLS = [
  {
    name: "get_weather",
    description: "The weather of a city",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];

const client = new Anthropic({ maxRetries: 0 });

async function stream(model = MODEL) {
  let text = "";
  const events = client.messages.stream({ model, max_tokens: 64, messages: QUESTION }).on("text", (delta) => {
    text += delta;
  });
  const message = await events.finalMessage();
  return { text, message };
}

async function toolUse() {
  const turn = { model: MODEL, max_tokens: 2048, thinking: { type: "enabled", budget_tokens: 1024 }, tools: TOOLS };
  const first = await client.messages.stream({ messages: QUESTION, ...turn }).finalMessage();
  const use = first.content.find((block) => block.type === "tool_use");
  const said = { role: "assistant", content: first.content };
  const answer = { role: "user", content: [{ type: "tool_result", tool_use_id: use.id, content: "18 °C" }] };
  return [first, await client.messages.create({ messages: [...QUESTION, said, answer], ...turn })];
}

function fail(by, model) {
  return by.messages.create({ model, max_tokens: 64, messages: QUESTION });
}

async function error(call) {
  try {
    await call();
  } catch (failed) {
    if (failed instanceof Anthropic.APIError) {
      return { status: failed.status ?? null, body: failed.error ?? null, request_id: failed.requestID ?? null };
    }
    return { failed: failed.constructor.name };
  }
  return {};
}

async function firstModels() {
  const ids = [];
  for await (const model of client.models.list({ limit: 2 })) ids.push(model.id);
  return ids;
}

async function errors() {
  const found = {};
  for (const status of [400, 401, 403, 404, 413, 429, 500, 529]) {
    found[status] = await error(() => fail(client, `error-${status}`));
  }
  return found;
}

const stranger = new Anthropic({ authToken: "pc_wrong", maxRetries: 2 });

console.log(
  JSON.stringify({
    version: VERSION,
    create: await fail(client, MODEL),
    stream: await stream(),
    tool_use: await toolUse(),
    count_tokens: (await client.messages.countTokens({ model: MODEL, messages: QUESTION, tools: TOOLS })).input_tokens,
    models: await firstModels(),
    model: (await client.models.retrieve(MODEL)).display_name,
    errors: await errors(),
    broken_stream: await error(() => stream("cut")),
    wrong_token: await error(() => fail(stranger, MODEL)),
  }),
);
