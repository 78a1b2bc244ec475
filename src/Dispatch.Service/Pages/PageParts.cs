using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Pages.Live;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Pages;

/// <summary>Counts what the page gives. Thread-safe.</summary>
internal sealed class PageTally
{
    private long _refused;

    /// <summary>Counts a page that found no place to be kept live.</summary>
    public void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>Pages that found no place.</summary>
    public long Refusals => Interlocked.Read(ref _refused);
}

/// <summary>What all answers of the page say to browsers.</summary>
internal static class PageHeaders
{
    /// <summary>Nothing but the page's own files and answers is loaded, run, sent to or framed.</summary>
    public const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sets them.</summary>
    public static void Apply(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}

/// <summary>Puts the page together.</summary>
internal static class PageParts
{
    /// <summary>Adds the parts.</summary>
    public static IServiceCollection AddPage(this IServiceCollection services, ServiceSettings settings) => services
        .AddSingleton(settings.Page).AddSingleton<PageTally>().AddSingleton<PageAssets>().AddSingleton<PageGate>().AddSingleton<PageDesk>().AddSingleton<PreviousTable>()
        .AddSingleton<PageHub>().AddSingleton<PageEndpoints>().AddHostedService(static parts => parts.GetRequiredService<PageHub>());

    /// <summary>Maps it on the Http endpoint, and adds its figures to the meter.</summary>
    public static void MapPage(this WebApplication app)
    {
        PageAssets assets = app.Services.GetRequiredService<PageAssets>();
        MapFile(app, "/", assets[PageAssets.Index]);
        foreach (string name in assets.Names) MapFile(app, "/page/" + name, assets[name]);
        PageEndpoints page = app.Services.GetRequiredService<PageEndpoints>();
        foreach ((string path, RequestDelegate answer) in (ReadOnlySpan<(string, RequestDelegate)>)
            [("world", page.PlacesAsync), ("state", page.StateAsync), ("pulse", page.PulseAsync), ("events", page.EventsAsync), ("edge/{id}", page.EdgeAsync), ("region/{id}", page.RegionAsync), ("decision", page.DecisionAsync), ("diff", page.DiffAsync)])
        {
            app.MapMethods("/page/" + path, [HttpMethods.Get], answer).WithMetadata(Plane.Http);
        }
        (PageHub hub, PageTally tally) = (app.Services.GetRequiredService<PageHub>(), app.Services.GetRequiredService<PageTally>());
        System.Diagnostics.Metrics.Meter meter = app.Services.GetRequiredService<DispatchMeter>().Meter;
        meter.CreateObservableGauge("dispatch_page_streams", () => hub.Streams, null, "Pages that are kept live now.");
        meter.CreateObservableCounter("dispatch_page_refused_total", () => tally.Refusals, null, "Pages that found no place to be kept live.");
    }

    private static void MapFile(WebApplication app, string path, PageBody file) => app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], http =>
    {
        PageHeaders.Apply(http.Response);
        return file.WriteAsync(http, revalidates: true);
    }).WithMetadata(Plane.Http);
}
