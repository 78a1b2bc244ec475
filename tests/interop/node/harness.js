'use strict';
// Counts checks, and turns the callbacks and events of grpc-js into promises.

class Report {
  constructor() {
    this.passed = 0;
    this.failed = 0;
  }

  check(name, condition, seen = '') {
    if (condition) this.passed++;
    else this.failed++;
    console.log(`${condition ? 'ok  ' : 'FAIL'} ${name} ${seen}`);
  }

  // An exception that a scenario did not expect is a failed check, not the end of the suite.
  async run(name, scenario) {
    try {
      await scenario(this);
    } catch (error) {
      this.check(name, false, error.stack);
    }
  }
}

// A unary call: { error, reply, call, trailers }.
function unary(client, method, request, metadata, options = {}) {
  return new Promise((resolve) => {
    let trailers;
    const call = client[method](request, metadata, options, (error, reply) => {
      setImmediate(() => resolve({ error, reply, trailers: error ? error.metadata : trailers }));
    });
    call.on('status', (status) => { trailers = status.metadata; });
  });
}

// Everything a stream gives: { messages, status }.
function drain(stream) {
  return new Promise((resolve) => {
    const messages = [];
    stream.on('data', (message) => messages.push(message));
    stream.on('error', () => {});
    stream.on('status', (status) => resolve({ messages, status }));
  });
}

module.exports = { Report, unary, drain };
