using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;

namespace TrafficDispatch.Rpc.Tests;

/// <summary>A response read without a gRPC client. The status is null where none came.</summary>
internal sealed record RawAnswer(HttpStatusCode Http, StatusCode? Status, string Detail, byte[] Body, HttpResponseHeaders Headers);

/// <summary>Sends bytes as a gRPC request, well-formed or not.</summary>
internal static class RawRequest
{
    public static byte[] Frame(ReadOnlySpan<byte> payload, byte flag = 0)
    {
        byte[] frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)payload.Length);
        payload.CopyTo(frame.AsSpan(5));
        return frame;
    }

    public static async Task<RawAnswer> SendAsync(
        HttpClient http,
        Uri uri,
        byte[] body,
        string? contentType = "application/grpc",
        params (string Key, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy };
        request.Content = new ByteArrayContent(body);
        if (contentType is not null)
            request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach ((string key, string value) in headers)
            request.Headers.TryAddWithoutValidation(key, value);
        using HttpResponseMessage response = await http.SendAsync(request);
        byte[] answer = await response.Content.ReadAsByteArrayAsync();
        string? status = One(response.Headers, "grpc-status") ?? One(response.TrailingHeaders, "grpc-status");
        string detail = One(response.Headers, "grpc-message") ?? One(response.TrailingHeaders, "grpc-message") ?? string.Empty;
        return new RawAnswer(
            response.StatusCode,
            status is null ? null : (StatusCode)int.Parse(status, CultureInfo.InvariantCulture),
            detail,
            answer,
            response.Headers);
    }

    private static string? One(HttpResponseHeaders headers, string key) =>
        headers.TryGetValues(key, out IEnumerable<string>? values) ? Assert.Single(values) : null;
}
