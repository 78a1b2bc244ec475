using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace TrafficDispatch.Service.Media;

/// <summary>Writes answers as SRS reads them.</summary>
internal static class SrsReply
{
    private const int LongestShown = 80;

    /// <summary><c>{"code":0}</c>.</summary>
    public static Task OkAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, static json => json.WriteNumber("code", 0));

    /// <summary><c>{"code":N,"msg":"…"}</c>: SRS refuses the publisher and logs the body. What is not allowed at all has status 401, a body too long 413.</summary>
    public static Task RefuseAsync(HttpContext context, int code, string message) => WriteAsync(context, code is 401 or 413 ? code : StatusCodes.Status200OK, json =>
    {
        json.WriteNumber("code", code);
        json.WriteString("msg", message);
    });

    /// <summary><c>{"code":0,"data":{"urls":[…]}}</c>.</summary>
    public static Task UrlsAsync(HttpContext context, IReadOnlyList<string> urls) => WriteAsync(context, StatusCodes.Status200OK, json =>
    {
        json.WriteNumber("code", 0);
        json.WriteStartObject("data");
        json.WriteStartArray("urls");
        foreach (string url in urls) json.WriteStringValue(url);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary><c>{"code":0,"data":{"query":{…},"origin":{"ip","port","vhost"}}}</c>; the origin is null where the stream is not known or cannot be reached.</summary>
    public static Task OriginAsync(HttpContext context, string ip, string vhost, string app, string stream, string host, int port) =>
        WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteNumber("code", 0);
            json.WriteStartObject("data");
            json.WriteStartObject("query");
            foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[("ip", ip), ("vhost", vhost), ("app", app), ("stream", stream)]) json.WriteString(name, value);
            json.WriteEndObject();
            if (host.Length == 0)
            {
                json.WriteNull("origin");
            }
            else
            {
                json.WriteStartObject("origin");
                json.WriteString("ip", host);
                json.WriteNumber("port", port);
                json.WriteString("vhost", vhost);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });

    /// <summary>Where SRS pushes a stream: <c>rtmp://HOST[:PORT]/APP/STREAM[?vhost=VHOST]</c>, without the publisher's own parameters, which may hold secrets.</summary>
    public static string RtmpUrl(string host, int port, SrsEvent said)
    {
        string authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        if (port != 1935) authority += ":" + port.ToString(CultureInfo.InvariantCulture);
        string app = string.Join('/', said.App.Split('/').Select(Uri.EscapeDataString));
        string vhost = said.Vhost is "" or SrsEvent.DefaultVhost ? "" : "?vhost=" + Uri.EscapeDataString(said.Vhost);
        return $"rtmp://{authority}/{app}/{Uri.EscapeDataString(said.Stream)}{vhost}";
    }

    /// <summary>A value cut to a length that fits a message.</summary>
    public static string Shown(string value) => value.Length <= LongestShown ? value : value[..LongestShown] + "…";

    private static Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.WrittenCount;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.WriteAsync(bytes.WrittenMemory, context.RequestAborted).AsTask();
    }
}
