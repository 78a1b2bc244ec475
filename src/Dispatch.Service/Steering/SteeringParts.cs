using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Steering;

/// <summary>What became of a player's request.</summary>
internal enum SteeringOutcome
{
    /// <summary>It got a list.</summary>
    Steered,

    /// <summary>No edge may serve it.</summary>
    NoEdge,

    /// <summary>The service is not known.</summary>
    UnknownService,

    /// <summary>There is no table yet.</summary>
    NoTable,

    /// <summary>The address is wrong.</summary>
    BadRequest,
}

/// <summary>Counts players' requests. Thread-safe.</summary>
internal sealed class SteeringTally
{
    private static readonly string[] Names = ["steered", "no_edge", "unknown_service", "no_table", "bad_request"];
    private readonly long[] _counts = new long[2 * Names.Length];

    /// <summary>Counts one.</summary>
    public void Count(bool isDash, SteeringOutcome outcome) => Interlocked.Increment(ref _counts[(isDash ? Names.Length : 0) + (int)outcome]);

    /// <summary>All counts.</summary>
    public IEnumerable<Measurement<long>> Read() => _counts.Select((_, i) => new Measurement<long>(Volatile.Read(ref _counts[i]),
        new KeyValuePair<string, object?>("format", i < Names.Length ? "hls" : "dash"), new KeyValuePair<string, object?>("outcome", Names[i % Names.Length])));
}

/// <summary>Puts content steering together.</summary>
internal static class SteeringParts
{
    /// <summary>Adds the parts.</summary>
    public static IServiceCollection AddSteering(this IServiceCollection services, ServiceSettings settings) =>
        services.AddSingleton(settings.Steering).AddSingleton<SteeringTally>().AddSingleton<PathwayChoice>().AddSingleton<SteeringEndpoint>();

    /// <summary>Maps it on the Http endpoint, and adds its figures to the meter.</summary>
    public static void MapSteering(this WebApplication app)
    {
        SteeringEndpoint endpoint = app.Services.GetRequiredService<SteeringEndpoint>();
        app.MapMethods("/steering/{service}", [HttpMethods.Get, HttpMethods.Head], endpoint.GetAsync).WithMetadata(Plane.Http);
        app.MapMethods("/steering/{service}", [HttpMethods.Options], SteeringEndpoint.OptionsAsync).WithMetadata(Plane.Http);
        SteeringTally tally = app.Services.GetRequiredService<SteeringTally>();
        app.Services.GetRequiredService<DispatchMeter>().Meter.CreateObservableCounter("dispatch_steering_requests_total", tally.Read, null, "Requests of players for steering, by format and outcome.");
    }
}
