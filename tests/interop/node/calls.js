'use strict';
// The four kinds of call that succeed, plain and compressed.

const grpc = require('@grpc/grpc-js');
const { unary, drain } = require('./harness');

const empty = () => new grpc.Metadata();

async function fourKinds(report, echo, name) {
  const { error, reply } = await unary(echo, 'Unary', { text: 'grüße'.repeat(50), payload: Buffer.from([0, 255]), labels: { a: 'b' } }, empty());
  report.check(`unary ${name}`, !error && reply.text === 'grüße'.repeat(50) && reply.payload.equals(Buffer.from([0, 255])) && reply.labels.a === 'b', error);

  const expanded = await drain(echo.Expand({ count: 300, text: 'x'.repeat(50) }));
  report.check(`server stream ${name}`, expanded.status.code === 0 && expanded.messages.every((m, i) => m.number === i) && expanded.messages.length === 300);

  const collected = await new Promise((resolve) => {
    const call = echo.Collect((e, r) => resolve({ e, r }));
    for (let i = 0; i < 100; i++) call.write({ payload: Buffer.alloc(1000) });
    call.end();
  });
  report.check(`client stream ${name}`, !collected.e && collected.r.number === 100 && collected.r.text === '100000', collected.e);

  const chat = echo.Chat();
  const done = drain(chat);
  let turns = 0;
  chat.on('data', (message) => {
    if (message.text !== String(turns)) return chat.end();
    turns++;
    return turns < 100 ? chat.write({ text: String(turns) }) : chat.end();
  });
  chat.write({ text: '0' });
  const { status } = await done;
  report.check(`ping-pong ${name}`, status.code === 0 && turns === 100, turns);

  const cached = await unary(echo, 'Cached', { text: 'c'.repeat(300) }, empty());
  report.check(`raw answer ${name}`, !cached.error && cached.reply.text === 'c'.repeat(300), cached.error);
}

async function compressedAnswers(report, compressed) {
  const { error, reply } = await unary(compressed, 'Unary', { text: 'y'.repeat(50000) }, empty());
  report.check('gzip answer', !error && reply.text === 'y'.repeat(50000), error);
  const none = await unary(compressed, 'Unary', {}, empty());
  report.check('empty gzip answer', !none.error && none.reply.text === '', none.error);
  const stream = await drain(compressed.Expand({ count: 30, text: 'z'.repeat(999) }));
  report.check('gzip stream', stream.status.code === 0 && stream.messages.length === 30);
}

async function metadata(report, echo) {
  const sent = new grpc.Metadata();
  sent.set('x-in', 'hello');
  sent.set('k-bin', Buffer.from([0, 255]));
  let head;
  const { error, trailers } = await new Promise((resolve) => {
    let last;
    const call = echo.Unary({ behaviour: 5 }, sent, (e) => setImmediate(() => resolve({ error: e, trailers: last })));
    call.on('metadata', (m) => { head = m.get('x-head')[0]; });
    call.on('status', (s) => { last = s.metadata; });
  });
  report.check('response headers', !error && head === 'hello', head);
  report.check('trailers of success', trailers.get('x-trail')[0] === 't2');
  const described = await unary(echo, 'Unary', { behaviour: 7 }, sent, { deadline: Date.now() + 30000 });
  report.check('request headers', described.reply.labels['k-bin'] === '00FF', JSON.stringify(described.reply.labels));
  report.check('deadline seen', Number(described.reply.labels.remaining_s) > 28);
}

async function many(report, echo) {
  const answers = await Promise.all(Array.from({ length: 2000 }, (_, i) => unary(echo, 'Unary', { text: 'a'.repeat(i % 200) }, empty())));
  report.check('2000 at once', answers.every((a, i) => !a.error && a.reply.text.length === i % 200));
  const large = await unary(echo, 'Unary', { responseBytes: 3000000 }, empty());
  report.check('3 MB answer', !large.error && large.reply.payload.length === 3000000, large.error);
  const slow = echo.Expand({ count: 50, responseBytes: 200000 });
  let bytes = 0;
  slow.on('data', (m) => {
    bytes += m.payload.length;
    slow.pause();
    setTimeout(() => slow.resume(), 20);
  });
  // The status may come while messages still wait to be read.
  const ended = new Promise((resolve) => slow.on('end', resolve));
  const status = await new Promise((resolve) => slow.on('status', resolve).on('error', () => {}));
  await ended;
  report.check('slowly read stream', status.code === 0 && bytes === 10000000, bytes);
}

module.exports = { fourKinds, compressedAnswers, metadata, many };
