using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>What the server logs, event ids 1 to 9 in the category of the service.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Call {Method} ended with an exception that its handler did not expect.")]
    public static partial void UnexpectedException(ILogger logger, Exception exception, string method);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "Call {Method} ended with {StatusCode}: {Detail}")]
    public static partial void CallFailed(ILogger logger, string method, StatusCode statusCode, string detail);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "Call {Method} passed its deadline while its handler was still running.")]
    public static partial void DeadlinePassed(ILogger logger, string method);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Handler of {Method} failed after its call had ended.")]
    public static partial void LateException(ILogger logger, Exception exception, string method);
}
