using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TrafficDispatch.Rpc.EchoHost.V1;
using TrafficDispatch.Service.Rpc;

namespace TrafficDispatch.Rpc.EchoHost;

/// <summary>Builds the echo server: 1 MiB of request at most, health and reflection beside the echo.</summary>
public static class EchoApp
{
    /// <summary>Largest request message in bytes.</summary>
    public const int MaxReceiveBytes = 1 << 20;

    /// <summary>Largest response message of the plain echo in bytes.</summary>
    public const int MaxSendBytes = 8 << 20;

    /// <summary>A header of every answer that the request pipeline made; a direct answer has none.</summary>
    public const string PipelineHeader = "x-pipeline";

    private static readonly FileDescriptor[] Served =
    [
        EchoReflection.Descriptor,
        Grpc.Health.V1.HealthReflection.Descriptor,
        Grpc.Reflection.V1.ReflectionReflection.Descriptor,
        Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor,
    ];

    /// <summary>Makes a server that listens where <paramref name="listen"/> says; start it and stop it as usual.</summary>
    public static WebApplication Create(Action<KestrelServerOptions> listen, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            listen(kestrel);
        });
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxReceiveBytes;
            options.MaxSendMessageSize = MaxSendBytes;
        }).AddServiceOptions<CompressedEchoService>(options => options.ResponseCompressionAlgorithm = "gzip");
        builder.Services.AddDirectCalls();
        builder.Services.AddSingleton<EchoService>();
        builder.Services.AddStandardRpc();
        configure?.Invoke(builder);
        WebApplication app = builder.Build();
        Map(app);
        return app;
    }

    /// <summary>HTTP/2 without TLS on a loopback port; 0 for a free one.</summary>
    public static Action<KestrelServerOptions> Loopback(int port, HttpProtocols protocols = HttpProtocols.Http2) =>
        kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = protocols;
            listen.UseDirectCalls();
        });

    /// <summary>Writes the descriptors of every service served here, as one FileDescriptorSet, for clients without generated code.</summary>
    public static void WriteDescriptors(string path)
    {
        const uint FileField = (1 << 3) | (uint)WireFormat.WireType.LengthDelimited;
        using FileStream file = File.Create(path);
        using var output = new CodedOutputStream(file);
        foreach (FileDescriptor descriptor in Served)
        {
            output.WriteTag(FileField);
            output.WriteBytes(descriptor.SerializedData);
        }
    }

    private static void Map(WebApplication app)
    {
        app.Use(static (http, next) =>
        {
            http.Response.Headers[PipelineHeader] = "yes";
            return next(http);
        });
        app.UseRouting();
        app.MapGrpcService<EchoService>(raw => raw.Add("Cached", RawEcho.Answer));
        app.MapGrpcService<CompressedEchoService>();
        app.MapStandardRpc();
        app.MapPost("/bare/trailers", BareAsync);
    }

    // What a throughput is measured against: reads a body, writes one, adds a trailer, knows nothing of gRPC.
    private static async Task BareAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync();
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        const int AnswerBytes = 91;
        http.Response.BodyWriter.GetSpan(AnswerBytes)[..AnswerBytes].Fill((byte)'x');
        http.Response.BodyWriter.Advance(AnswerBytes);
        http.Response.AppendTrailer("grpc-status", "0");
    }
}
