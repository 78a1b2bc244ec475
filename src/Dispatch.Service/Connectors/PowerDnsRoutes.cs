using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using TrafficDispatch.Dns.PowerDns;

namespace TrafficDispatch.Service.Connectors;

/// <summary>
/// PowerDNS' remote backend over HTTP: <c>/dns/METHOD/…</c> by GET, parameters as a form field to <c>/dns/METHOD</c> by POST (<c>post=1</c>), and
/// whole calls to <c>/dns</c> by POST (<c>post=1,post_json=1</c>).
/// </summary>
internal sealed class PowerDnsRoutes(DnsDesk desk)
{
    private const string Root = "/dns", FormType = "application/x-www-form-urlencoded";

    /// <summary>Maps the calls; they answer on the plane given only.</summary>
    public void Map(IEndpointRouteBuilder endpoints, object plane)
    {
        endpoints.MapMethods(Root + "/{**call}", [HttpMethods.Get, HttpMethods.Post], Answer).WithMetadata(plane);
        // Changes of zones, which PowerDNS sends by other methods, are none that we make: false, as for any unknown call.
        endpoints.MapMethods(Root + "/{**call}", [HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete],
            context => Write(context, StatusCodes.Status200OK, new() { Method = RemoteMethod.Unknown })).WithMetadata(plane);
    }

    private Task Answer(HttpContext context)
    {
        string path = PathOf(context);
        if (HttpMethods.IsPost(context.Request.Method)) return AnswerPost(context, path);
        IHeaderDictionary headers = context.Request.Headers;
        return Write(context, StatusCodes.Status200OK,
            RemoteCall.FromPath(path, headers["X-RemoteBackend-remote"].ToString(), headers["X-RemoteBackend-real-remote"].ToString()));
    }

    private async Task AnswerPost(HttpContext context, string path)
    {
        byte[] body = ArrayPool<byte>.Shared.Rent(RemoteCall.MaxBytes * 3 + 1);
        try
        {
            int length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
            bool isRead = TryRead(context.Request, path, body.AsSpan(0, length), out RemoteCall? call);
            await Write(context, isRead ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, call ?? new() { Method = RemoteMethod.Unknown });
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private static bool TryRead(HttpRequest request, string path, ReadOnlySpan<byte> body, out RemoteCall? call)
    {
        if (path.Length == 0) return RemoteCall.TryRead(body, out call);
        call = null;
        if (request.ContentType?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) != true) return (call = RemoteCall.FromPath(path, null, null)) is not null;
        string method = Uri.UnescapeDataString(path);
        foreach (string field in Encoding.UTF8.GetString(body).Split('&'))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !field[..equals].Equals("parameters", StringComparison.OrdinalIgnoreCase)) continue;
            string json = Uri.UnescapeDataString(field[(equals + 1)..].Replace('+', ' '));
            return RemoteCall.TryReadParameters(method, Encoding.UTF8.GetBytes(json), out call);
        }
        return (call = RemoteCall.FromPath(path, null, null)) is not null;
    }

    private async Task Write(HttpContext context, int status, RemoteCall call)
    {
        // Without a table an empty answer would say that names do not exist; a failure makes PowerDNS answer SERVFAIL.
        if (!desk.TryAnswer(call, DnsConnector.PowerDnsHttp, out ReadOnlyMemory<byte> json)) status = StatusCodes.Status503ServiceUnavailable;
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.BodyWriter.Write(json.Span);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>What follows the root, still escaped: a slash in a name must not be taken for one between values.</summary>
    private static string PathOf(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int start = target.IndexOf(Root, StringComparison.OrdinalIgnoreCase), query = target.IndexOf('?', StringComparison.Ordinal);
        return (query < 0 ? target[start..] : target[start..query])[Root.Length..].Trim('/');
    }
}
