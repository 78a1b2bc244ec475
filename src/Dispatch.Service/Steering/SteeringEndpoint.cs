using System.Globalization;
using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Steering;

/// <summary>Answers <c>GET /steering/{service}</c>: a content steering server for HLS and DASH players. Thread-safe.</summary>
/// <remarks>
/// 429 is never answered, since one large player then never asks again: what is overloaded says 503, after which players go on with what they have and ask
/// again. 410 ends steering for good and is only said where the operator wants it.
/// </remarks>
internal sealed class SteeringEndpoint(TableHolder holder, PathwayChoice choice, SteeringSettings settings, SteeringTally tally)
{
    private const string Plain = "text/plain; charset=utf-8";

    /// <summary>Answers a player.</summary>
    public Task GetAsync(HttpContext context)
    {
        Prepare(context.Response);
        SteeringQuery query = SteeringQuery.Read(context.Request.Query, out string fault);
        if (fault.Length > 0) return RefuseAsync(context, StatusCodes.Status400BadRequest, SteeringOutcome.BadRequest, query, fault);
        if (holder.Current is not { } state) return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, SteeringOutcome.NoTable, query, "there is no table yet: the first solve has not ended");
        string name = context.Request.RouteValues["service"] as string ?? "";
        int service = ServiceOf(state.Table, name);
        if (service < 0)
        {
            int status = settings.UnknownIsGone ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound;
            return RefuseAsync(context, status, SteeringOutcome.UnknownService, query, "no service of this name or host is in the table");
        }
        ClientAddress? client = ForwardedClient.Find(context.Connection.RemoteIpAddress, context.Request.Headers["X-Forwarded-For"].ToArray(), settings.TrustedProxies);
        PathwayAnswer answer = choice.Choose(state, service, client, query);
        if (answer.Pathways.Count == 0)
        {
            context.Response.Headers.RetryAfter = answer.TtlSeconds.ToString(CultureInfo.InvariantCulture);
            return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, SteeringOutcome.NoEdge, query, "no edge may serve this client now");
        }
        tally.Count(query.IsDash, SteeringOutcome.Steered);
        return WriteAsync(context, query.IsDash ? SteeringList.DashType : SteeringList.HlsType,
            SteeringList.Write(answer.TtlSeconds, Reload(name, query), answer.Pathways, settings.BasePathway));
    }

    /// <summary>Answers the browser that asks whether a page may ask.</summary>
    public static Task OptionsAsync(HttpContext context)
    {
        Prepare(context.Response);
        context.Response.Headers.AccessControlAllowMethods = "GET, HEAD, OPTIONS";
        context.Response.Headers.AccessControlAllowHeaders = "*";
        context.Response.Headers.AccessControlMaxAge = "86400";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>The same place with the session key; needed only where there is one, since a player without it asks the same address again anyhow.</summary>
    private static string Reload(string name, SteeringQuery query) => query.Session.Length == 0 ? ""
        : $"{Uri.EscapeDataString(name)}?session={Uri.EscapeDataString(query.Session)}{(query.IsDash ? "&format=dash" : "")}";

    private static int ServiceOf(RoutingTable table, string name)
    {
        int service = table.ServiceOrdinal(name);
        return service >= 0 ? service : table.ServiceOrdinalOfHost(name);
    }

    private static void Prepare(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    private Task RefuseAsync(HttpContext context, int status, SteeringOutcome outcome, SteeringQuery query, string why)
    {
        tally.Count(query.IsDash, outcome);
        context.Response.StatusCode = status;
        return WriteAsync(context, Plain, Encoding.UTF8.GetBytes(why + "\n"));
    }

    private static Task WriteAsync(HttpContext context, string type, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
