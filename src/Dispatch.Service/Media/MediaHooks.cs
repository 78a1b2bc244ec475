using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Media;

/// <summary>
/// Answers the HTTP hooks of SRS: streams that begin and end, where to forward them, and which origin holds one. Thread-safe.
/// </summary>
/// <remarks>
/// Facts from SRS's sources (<c>srs_app_http_hooks.cpp</c>, <c>srs_app_rtmp_conn.cpp</c>): any status but 200 and 201, and any <c>code</c> but 0, refuses the
/// publisher (for <c>on_publish</c> and <c>on_forward</c>; <c>on_unpublish</c> is not heeded); <c>data.urls</c> must be there, empty for none; SRS logs
/// the body of a refusal only where the status is 200, so refusals of ours have that status and a message.
/// </remarks>
internal sealed class MediaHooks(
    TableHolder holder, MediaSettings settings, MediaDirections directions, MediaGate gate, StreamWatch watch, StateDoor door, TimeProvider time, ILogger<MediaHooks> logger)
{
    /// <summary>Most bytes of a hook's body.</summary>
    public const int MostBytes = 16 * 1024;

    private static readonly string[] Heeded = ["on_publish", "on_unpublish", "on_forward"], PassedOver = ["on_connect", "on_close", "on_play", "on_stop", "on_dvr", "on_hls"];

    /// <summary>Answers <c>POST /srs/hooks?node=ID</c>.</summary>
    public async Task HookAsync(HttpContext context)
    {
        string node = (string?)context.Request.Query["node"] ?? "";
        if (!gate.Lets(context, node, out string why))
        {
            await SrsReply.RefuseAsync(context, 401, why);
            return;
        }
        if (await ReadAsync(context) is not { } body)
        {
            await SrsReply.RefuseAsync(context, 413, string.Create(CultureInfo.InvariantCulture, $"the body must have at most {MostBytes} bytes"));
            return;
        }
        if (!SrsEvent.TryRead(body, out SrsEvent? said, out string fault))
            await SrsReply.RefuseAsync(context, 400, fault);
        else if (PassedOver.Contains(said!.Action, StringComparer.Ordinal))
            await SrsReply.OkAsync(context);
        else if (!Heeded.Contains(said.Action, StringComparer.Ordinal))
            await SrsReply.RefuseAsync(context, 400, $"field 'action' must be one of {string.Join(", ", Heeded.Concat(PassedOver))}");
        else if (said.Key(settings.KeyForm) is not { Length: > 0 } key)
            await SrsReply.RefuseAsync(context, 400, "fields 'app' and 'stream' must be given");
        else if (holder.Current is not { } state)
            await SrsReply.RefuseAsync(context, 503, "there is no table yet: the first solve has not ended");
        else if (Sender(state.Table, node) is not (>= 0 and int ordinal))
            await SrsReply.RefuseAsync(context, 404, $"?node= is '{SrsReply.Shown(node)}': must be an edge, relay or origin of the table, the one that this media server runs at");
        else
            await AnswerAsync(context, state, said, key, ordinal, node);
    }

    /// <summary>Answers <c>GET /api/v1/clusters?vhost=&amp;ip=&amp;app=&amp;stream=</c>: the origin of a stream, as SRS asks a co-worker.</summary>
    public Task ClustersAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        string node = (string?)query["node"] ?? "", vhost = (string?)query["vhost"] ?? "", app = (string?)query["app"] ?? "", stream = (string?)query["stream"] ?? "";
        if (!gate.Lets(context, node, out string why)) return SrsReply.RefuseAsync(context, 401, why);
        string key = SrsEvent.Key(settings.KeyForm, vhost, app, stream);
        if (key.Length == 0) return SrsReply.RefuseAsync(context, 400, "parameters 'app' and 'stream' must be given");
        if (holder.Current is not { } state) return SrsReply.RefuseAsync(context, 503, "there is no table yet: the first solve has not ended");
        int origin = directions.OriginOf(state.Table, key, time.GetUtcNow());
        (string host, int port) = origin < 0 || IsOut(state, state.Table.NodeOfOrigin(origin)) ? ("", 0) : directions.Reach(state.Table, state.Table.NodeOfOrigin(origin));
        return SrsReply.OriginAsync(context, (string?)query["ip"] ?? "", vhost, app, stream, host, port);
    }

    private async Task AnswerAsync(HttpContext context, ServingState state, SrsEvent said, string key, int node, string id)
    {
        try
        {
            string fault = "";
            int code = 0;
            if (said.Action == "on_forward")
            {
                await SrsReply.UrlsAsync(context, Urls(context, state, said, key, node));
                return;
            }
            if (said.Action == "on_publish") (code, fault) = await PublishAsync(context, state, said, key, node, id);
            else await EndAsync(key, id, context.RequestAborted);
            await (code == 0 ? SrsReply.OkAsync(context) : SrsReply.RefuseAsync(context, code, fault));
        }
        catch (StoreUnavailableException e)
        {
            MediaLog.NotRegistered(logger, key, e.Message);
            await SrsReply.RefuseAsync(context, 503, "the registry of streams cannot be reached; the publisher may try again");
        }
        catch (ArgumentException e)
        {
            await SrsReply.RefuseAsync(context, 400, e.Message);
        }
    }

    /// <summary>
    /// Registers a stream: at the origin that it is published to, or at the one that a publisher at an edge is to be sent to. A relay only passes on what is
    /// registered already.
    /// </summary>
    private async Task<(int Code, string Fault)> PublishAsync(HttpContext context, ServingState state, SrsEvent said, string key, int node, string id)
    {
        RoutingTable table = state.Table;
        if (node >= table.Content.EdgeCount && node < table.NodeOfOrigin(0)) return (0, "");
        if (!TryBitrate(context, out double mbps)) return (400, "parameter 'bitrate_mbps' must be a number above 0 and at most 100000");
        int origin = node >= table.NodeOfOrigin(0) ? node - table.NodeOfOrigin(0) : directions.Ingest(state, node, key, mbps);
        if (origin < 0) return (409, $"no origin may take a stream of {mbps.ToString(CultureInfo.InvariantCulture)} Mbit/s from {id}: the law, failures or a lack of room leave none");
        TableOrigin to = table.Content.Origins[origin];
        if (MediaDirections.IsForbidden(table, said.Ip, origin)) return (403, $"the law of the publisher's region or of origin {to.Id} forbids this stream there");
        DateTimeOffset until = time.GetUtcNow() + settings.Lifetime;
        await door.Store.Streams.PutAsync(new LiveStream(key, to.Id, mbps) { Expires = until }, Source(id), context.RequestAborted);
        MediaLog.Published(logger, key, id, to.Id, mbps, until);
        // Answers of this process know it when the publisher is let in, others when they hear of it.
        await watch.LookAsync();
        return (0, "");
    }

    /// <summary>Ends only what this very node registered: a publisher that has moved on must not lose its stream to the server that it left.</summary>
    private async Task EndAsync(string key, string id, CancellationToken cancellation)
    {
        StreamList list = await door.Store.Streams.ListAsync(cancellation);
        if (list.Sources.GetValueOrDefault(key) != Source(id) || !await door.Store.Streams.RemoveAsync(key, cancellation)) return;
        MediaLog.Ended(logger, key, id);
        await watch.LookAsync();
    }

    private List<string> Urls(HttpContext context, ServingState state, SrsEvent said, string key, int node)
    {
        bool isDown = (string?)context.Request.Query["direction"] is "down" || node >= state.Table.NodeOfOrigin(0);
        int[] nodes = isDown ? MediaDirections.Down(state, node, key) : directions.Up(state, node, key) is >= 0 and int up ? [up] : [];
        List<string> urls = [];
        foreach (int to in nodes)
        {
            (string host, int port) = directions.Reach(state.Table, to);
            if (host.Length > 0) urls.Add(SrsReply.RtmpUrl(host, port, said));
        }
        return urls;
    }

    private bool TryBitrate(HttpContext context, out double mbps)
    {
        string text = (string?)context.Request.Query["bitrate_mbps"] ?? "";
        mbps = settings.BitrateMbps;
        return text.Length == 0 || (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out mbps) && mbps is > 0 and <= 100_000);
    }

    private static int Sender(RoutingTable table, string id) => id.Length > 0 ? table.NodeOrdinal(id) : -1;

    private static string Source(string id) => "srs:" + id;

    private static bool IsOut(ServingState state, int node) => node >> 6 < state.Overlay.Down.Length && (state.Overlay.Down[node >> 6] >> (node & 63) & 1) != 0;

    /// <summary>The body; null where it is too long.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MostBytes) return null;
        byte[] room = new byte[MostBytes + 1];
        int read = 0;
        while (read < room.Length && await context.Request.Body.ReadAsync(room.AsMemory(read), context.RequestAborted) is > 0 and int more) read += more;
        return read > MostBytes ? null : room.AsMemory(0, read);
    }
}
