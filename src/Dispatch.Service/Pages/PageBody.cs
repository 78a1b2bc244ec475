using System.IO.Compression;
using System.Security.Cryptography;

namespace TrafficDispatch.Service.Pages;

/// <summary>Something to send: its bytes, the same compressed, and a tag by its content. Immutable and thread-safe.</summary>
internal sealed class PageBody
{
    // Below this a header costs more than it saves.
    private const int LeastCompressed = 1024;

    private readonly Lazy<byte[]?> _gzip;

    /// <summary>Takes bytes, which nobody changes any more.</summary>
    public PageBody(string type, byte[] bytes)
    {
        (Type, Bytes) = (type, bytes);
        Tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
        _gzip = new(() => bytes.Length < LeastCompressed ? null : Compress(bytes));
    }

    /// <summary>Nothing.</summary>
    public static PageBody Empty { get; } = new(Json, "{}"u8.ToArray());

    /// <summary>The type of JSON.</summary>
    public const string Json = "application/json; charset=utf-8";

    /// <summary>Content type.</summary>
    public string Type { get; }

    /// <summary>The bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>The same bytes have the same tag.</summary>
    public string Tag { get; }

    /// <summary>Sends it, or says that the caller has it already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="revalidates">True where callers may keep it and ask whether it is still so.</param>
    public Task WriteAsync(HttpContext context, int status = StatusCodes.Status200OK, bool revalidates = false)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = revalidates ? "no-cache" : "no-store";
        response.Headers.Vary = "Accept-Encoding";
        if (revalidates)
        {
            string tag = $"\"{Tag}\"";
            response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }
        response.StatusCode = status;
        response.ContentType = Type;
        byte[] sent = Bytes;
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase) && _gzip.Value is { } smaller)
        {
            response.Headers.ContentEncoding = "gzip";
            sent = smaller;
        }
        response.ContentLength = sent.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(sent, context.RequestAborted).AsTask();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return compressed.ToArray();
    }
}
