using System.IO.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>Limits and behaviour of the services of a server; set them in <c>AddGrpc</c>.</summary>
public class GrpcServiceOptions
{
    /// <summary>Largest request message in bytes, before and after expansion. Default 4 MiB; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Largest response message in bytes, before compression. Default null: no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Coding of responses for clients that accept it: <c>gzip</c>, or null (default) for none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>Effort of the response compression. Default null: fastest.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Whether an unexpected exception's type and message go to the client. Default null: no.</summary>
    public bool? EnableDetailedErrors { get; set; }
}

/// <summary>Options of one service, starting from the server's.</summary>
/// <typeparam name="TService">The service.</typeparam>
public sealed class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class;
