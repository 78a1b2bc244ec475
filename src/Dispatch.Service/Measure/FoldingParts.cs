using TrafficDispatch.Measure;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.Measure;

/// <summary>Puts the folding together: into this process's own book, or with any number of workers over a shared store.</summary>
internal static class FoldingParts
{
    /// <summary>Adds log, folding and the loop that runs it.</summary>
    public static void AddFolding(this IServiceCollection services, ServiceSettings settings, StateDoor door, TimeProvider time)
    {
        TelemetrySettings telemetry = settings.Telemetry;
        TimeSpan lifetime = SampleRules.Lifetime(telemetry.Measure);
        services.AddSingleton<MeasureKeeper>().AddSingleton<FoldLoop>();
        if (door.Store is not RedisState shared)
        {
            services.AddSingleton<ISampleLog>(new MemorySampleLog(telemetry.Backlog, lifetime, time)).AddSingleton<IFolding, LocalFolding>();
            return;
        }
        // A sample counts four half-lives after it was taken; the parts wait one longer for whoever comes late.
        services.AddSingleton<ISampleParts>(new RedisSampleParts(shared.Connection, lifetime + telemetry.Measure.HalfLife, (long)telemetry.PartMegabytes << 20));
        services.AddSingleton<ISampleLog>(new RedisSampleLog(shared.Connection, telemetry.Backlog, lifetime, time));
        services.AddSingleton<PartMaker>().AddSingleton<PartTail>().AddSingleton<SampleWorld>();
        bool mayLead = settings.Role is Role.All or Role.Solve;
        services.AddSingleton<IFolding>(parts => ActivatorUtilities.CreateInstance<SharedFolding>(parts, new TailOf(mayLead ? parts.GetRequiredService<PartTail>() : null)));
    }
}

/// <summary>The reading of parts, where this process reads them.</summary>
/// <param name="Tail">Null where it never solves.</param>
internal sealed record TailOf(PartTail? Tail);
