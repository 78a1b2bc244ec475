using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// The yardstick for Resolve: Kestrel alone. It reads a POST over HTTP/2 to its end and answers with a fixed body and a trailer, as a
// gRPC answer has; no routing, no messages, no decision.  usage: Dispatch.Bench.Bare PORT BYTES
int port = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
byte[] body = new byte[int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)];
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.Http2.MaxStreamsPerConnection = 256;
    kestrel.ListenLocalhost(port, static endpoint => endpoint.Protocols = HttpProtocols.Http2);
});
WebApplication app = builder.Build();
app.Run(async context =>
{
    PipeReader reader = context.Request.BodyReader;
    for (ReadResult read = await reader.ReadAsync(); ; read = await reader.ReadAsync())
    {
        reader.AdvanceTo(read.Buffer.End);
        if (read.IsCompleted) break;
    }
    context.Response.ContentType = "application/grpc";
    // Not flushed by itself: head, body and trailer leave together.
    context.Response.BodyWriter.Write(body);
    context.Response.AppendTrailer("grpc-status", "0");
});
await app.StartAsync();
Console.WriteLine("ready");
await app.WaitForShutdownAsync();
