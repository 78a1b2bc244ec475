using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Control;
using TrafficDispatch.Service.Pages.Data;
using TrafficDispatch.Service.Pages.Live;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages;

/// <summary>What the page asks for: everything below <c>/page/</c> that is no file. Thread-safe.</summary>
internal sealed class PageEndpoints(PageGate gate, PageHub hub, PageDesk desk, PreviousTable previous, PageTally tally)
{
    private const int DiffRows = 12;

    private readonly Lock _comparing = new();
    private (RoutingTable From, RoutingTable To, World? World, Task<DiffReply> Reply)? _diff;

    /// <summary>Who and where everything is.</summary>
    public Task PlacesAsync(HttpContext http) => AnswerAsync(http, "Page/World", needsAll: false, static (_, snapshot, _) => Task.FromResult(snapshot.Moment.Places), revalidates: true);

    /// <summary>What is in force.</summary>
    public Task StateAsync(HttpContext http) => AnswerAsync(http, "Page/State", needsAll: false, static (_, snapshot, visitor) => Task.FromResult(snapshot.For(visitor)), revalidates: true);

    /// <summary>How old it is, for pages that are not kept live.</summary>
    public Task PulseAsync(HttpContext http) => AnswerAsync(http, "Page/Pulse", needsAll: false, (_, _, _) => Task.FromResult(new PageBody(PageBody.Json, desk.Pulse())));

    /// <summary>One edge.</summary>
    public Task EdgeAsync(HttpContext http) => AnswerAsync(http, "Page/Edge", needsAll: false, async (context, snapshot, visitor) =>
    {
        RoutingTable table = TableOf(snapshot);
        int edge = table.EdgeOrdinal(context.Request.RouteValues["id"] as string ?? "");
        if (edge < 0) throw new PageRefusal(StatusCodes.Status404NotFound, "The table in force has no such edge.");
        return await snapshot.Edges.GetOrAdd((edge, visitor.SeesAll), key => new(() => desk.RunAsync(() => new PageBody(PageBody.Json, EdgeJson.Of(snapshot.Moment, key.Edge, key.ShowsAll))))).Value;
    });

    /// <summary>One region.</summary>
    public Task RegionAsync(HttpContext http) => AnswerAsync(http, "Page/Region", needsAll: false, (context, snapshot, _) =>
    {
        int region = TableOf(snapshot).RegionOrdinal(context.Request.RouteValues["id"] as string ?? "");
        return region < 0 ? throw new PageRefusal(StatusCodes.Status404NotFound, "The table in force has no such region.")
            : Task.FromResult(new PageBody(PageBody.Json, RegionJson.Of(snapshot.Moment, region)));
    });

    /// <summary>A client's decision and why.</summary>
    public Task DecisionAsync(HttpContext http) => AnswerAsync(http, "Page/Decision", needsAll: true, (context, snapshot, _) =>
    {
        IQueryCollection query = context.Request.Query;
        AskedClient asked = AskedClient.Read(TableOf(snapshot), query["address"].ToString(), query["service"].ToString(), query["session"].ToString(), out string fault)
            ?? throw new PageRefusal(StatusCodes.Status400BadRequest, fault);
        return desk.RunAsync(() => new PageBody(PageBody.Json, DecisionJson.Of(snapshot.Moment, asked)));
    });

    /// <summary>What the table in force does otherwise than the one before.</summary>
    public Task DiffAsync(HttpContext http) => AnswerAsync(http, "Page/Diff", needsAll: false, async (context, snapshot, visitor) =>
    {
        RoutingTable table = TableOf(snapshot);
        if (await previous.FindAsync(table, context.RequestAborted) is not { } before) return new(PageBody.Json, DiffJson.None);
        return new(PageBody.Json, DiffJson.Of(await CompareAsync(before, table, snapshot.Moment.World), before.BuiltAt, visitor.SeesAll));
    });

    /// <summary>Keeps a page live.</summary>
    public async Task EventsAsync(HttpContext http)
    {
        if (!await IsLetInAsync(http, "Page/Events", needsAll: false, out Visitor visitor)) return;
        if (!hub.TryJoin())
        {
            tally.Refused();
            http.Response.Headers.RetryAfter = "10";
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "As many pages are kept live as may be; this one asks every few seconds.");
            return;
        }
        try
        {
            http.Response.ContentType = "text/event-stream; charset=utf-8";
            http.Response.Headers.CacheControl = "no-store";
            // For proxies that would gather answers first.
            http.Response.Headers["X-Accel-Buffering"] = "no";
            await new PageStream(hub, desk, visitor).RunAsync(http);
        }
        finally
        {
            hub.Leave();
        }
    }

    private static RoutingTable TableOf(PageSnapshot snapshot) =>
        snapshot.Moment.State?.Table ?? throw new PageRefusal(StatusCodes.Status503ServiceUnavailable, "There is no table yet: the first solve has not ended.");

    // Once for all who look, and once for a pair of tables.
    private Task<DiffReply> CompareAsync(RoutingTable from, RoutingTable to, World? world)
    {
        lock (_comparing)
        {
            if (_diff is { } known && ReferenceEquals(known.From, from) && ReferenceEquals(known.To, to) && ReferenceEquals(known.World, world) && !known.Reply.IsFaulted) return known.Reply;
            Snapshot? today = world is null ? null : new(world, to.Content.UtcHour);
            Task<DiffReply> reply = desk.RunAsync(() => TableComparison.Of(from, to, today, DiffRows));
            _diff = (from, to, world, reply);
            return reply;
        }
    }

    private async Task AnswerAsync(HttpContext http, string what, bool needsAll, Func<HttpContext, PageSnapshot, Visitor, Task<PageBody>> answer, bool revalidates = false)
    {
        if (!await IsLetInAsync(http, what, needsAll, out Visitor visitor)) return;
        try
        {
            PageBody body = await answer(http, await hub.LatestAsync(), visitor);
            await body.WriteAsync(http, revalidates: revalidates);
        }
        catch (PageRefusal refusal)
        {
            await RefuseAsync(http, refusal.Status, refusal.Message);
        }
        catch (StoreUnavailableException e)
        {
            await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    private Task<bool> IsLetInAsync(HttpContext http, string what, bool needsAll, out Visitor visitor)
    {
        PageHeaders.Apply(http.Response);
        Grpc.Core.Status judged = gate.Judge(what, http, out visitor);
        if (judged.StatusCode != StatusCode.OK) return RefuseAsync(http, PageGate.HttpStatusOf(judged.StatusCode), judged.Detail);
        return needsAll && !visitor.SeesAll
            ? RefuseAsync(http, StatusCodes.Status401Unauthorized, "Explanations need the role of a viewer: sign in with a token.")
            : Task.FromResult(true);
    }

    private static async Task<bool> RefuseAsync(HttpContext http, int code, string message)
    {
        if (code == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        if (code == StatusCodes.Status429TooManyRequests) http.Response.Headers.RetryAfter = "10";
        byte[] body = JsonBytes.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("error", message);
            json.WriteEndObject();
        });
        await new PageBody(PageBody.Json, body).WriteAsync(http, code);
        return false;
    }
}

/// <summary>Why a question of the page has no answer.</summary>
internal sealed class PageRefusal(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;
}
