using TrafficDispatch.Service.Serve;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Pages;

/// <summary>What the Http endpoint answers: health, metrics and the overview.</summary>
internal sealed class PageRoutes(TableHolder holder, PrometheusExporter exporter, OverviewPage overview, PageGate gate, IHostApplicationLifetime life)
{
    private const string Text = "text/plain; charset=utf-8";

    /// <summary>Maps the pages; they answer on the plane given only.</summary>
    public void Map(IEndpointRouteBuilder endpoints, object plane)
    {
        foreach ((string path, RequestDelegate answer) in (ReadOnlySpan<(string, RequestDelegate)>)
            [("/plain", Overview), ("/metrics", Metrics), ("/healthz", Ready), ("/healthz/ready", Ready), ("/healthz/live", Live)])
        {
            endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], answer).WithMetadata(plane);
        }
    }

    // Its styles stand in the document itself; there is no script in it, and none may run.
    private Task Overview(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        Grpc.Core.Status judged = gate.Judge("Page/Plain", context, out Visitor visitor);
        return judged.StatusCode == Grpc.Core.StatusCode.OK
            ? Write(context, StatusCodes.Status200OK, "text/html; charset=utf-8", overview.Render(visitor.SeesAll))
            : Write(context, PageGate.HttpStatusOf(judged.StatusCode), Text, judged.Detail + "\n");
    }

    private Task Metrics(HttpContext context) => Write(context, StatusCodes.Status200OK, PrometheusExporter.ContentType, exporter.Render());

    /// <summary>Ready is false only without any table, and once the process was told to end; a stale one answers and says so.</summary>
    private Task Ready(HttpContext context)
    {
        if (life.ApplicationStopping.IsCancellationRequested) return Write(context, StatusCodes.Status503ServiceUnavailable, Text, "leaving\n");
        Freshness freshness = holder.Freshness();
        int status = freshness == Freshness.NoTable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        string detail = holder.Record.LastError.Length > 0 ? "\n" + holder.Record.LastError : "";
        return Write(context, status, Text, StatusService.NameOf(freshness) + detail + "\n");
    }

    private static Task Live(HttpContext context) => Write(context, StatusCodes.Status200OK, Text, "live\n");

    private static Task Write(HttpContext context, int status, string type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(body, context.RequestAborted);
    }
}
