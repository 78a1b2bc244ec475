using System.Globalization;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>The statuses of broken or oversized messages, worded in one place for both sides of a call.</summary>
internal static class WireFault
{
    public static RpcException Internal(string detail) => new(new Status(StatusCode.Internal, detail));

    public static RpcException ReceivedTooLarge(int limit) => new(new Status(
        StatusCode.ResourceExhausted,
        string.Create(CultureInfo.InvariantCulture, $"Received message exceeds the maximum configured message size of {limit} bytes.")));

    public static RpcException SentTooLarge(int size, int limit) => new(new Status(
        StatusCode.ResourceExhausted,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Sending message of {size} bytes exceeds the maximum configured message size of {limit} bytes.")));

    public static RpcException UnsupportedEncoding(string? encoding) => new(new Status(
        StatusCode.Unimplemented,
        $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: identity, gzip."));

    public static RpcException Incomplete() => Internal("Incomplete message.");

    public static RpcException AdditionalData() => Internal("Additional data after the message received.");
}
