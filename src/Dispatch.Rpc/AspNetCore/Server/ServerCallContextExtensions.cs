using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>Reaches the HTTP request under a call.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The HTTP context of a call that this server runs.</summary>
    /// <exception cref="InvalidOperationException">The context is not this server's, for example a fake in a test.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) => serverCallContext is ServerCall call
        ? call.Http
        : throw new InvalidOperationException("This call context has no HTTP context.");
}
