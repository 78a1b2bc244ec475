using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grpc.AspNetCore.Server;
using Grpc.Health.V1;
using Microsoft.Extensions.Configuration.Memory;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Change;
using TrafficDispatch.Service.Connectors;
using TrafficDispatch.Service.Control;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Measure;
using TrafficDispatch.Service.Media;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Overload;
using TrafficDispatch.Service.Pages;
using TrafficDispatch.Service.Planning;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Rpc;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Service.Supervision;
using TrafficDispatch.Service.Steering;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Service.Tls;
using TrafficDispatch.Service.Watch;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.State;

namespace TrafficDispatch.Service;

/// <summary>The program: puts the parts together, starts them and says where they are. Nothing is decided here.</summary>
internal sealed class ServiceApplication : IAsyncDisposable
{
    /// <summary>Exit code for input that cannot be used, as on the command line.</summary>
    public const int BadInput = 2;

    /// <summary>Exit code where the endpoints cannot be had.</summary>
    public const int Unavailable = 6;

    private readonly WebApplication _app;
    private readonly StateFolder _folder;
    private readonly StateDoor _door;

    private ServiceApplication(WebApplication app, StateFolder folder, StateDoor door) => (_app, _folder, _door) = (app, folder, door);

    /// <summary>The parts.</summary>
    public IServiceProvider Parts => _app.Services;

    /// <summary>Where it listens, once started.</summary>
    public BoundEndpoints Endpoints => Parts.GetRequiredService<BoundEndpoints>();

    /// <summary>Runs until a signal to stop.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        await using ServiceApplication? service = Create(args, TimeProvider.System, Console.Error);
        if (service is null || !service.TryPrepare(Console.Error)) return BadInput;
        try
        {
            Welcome.Announce(service.Parts, Console.Out);
            await service.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync(service.EndpointFault(e));
            return Unavailable;
        }
        catch (Exception e) when (e is InvalidOperationException or CryptographicException)
        {
            // Kestrel reads its own settings only now: protocols, limits, certificates.
            await Console.Error.WriteLineAsync($"The settings under Kestrel cannot be used: {e.Message}");
            return BadInput;
        }
        await service._app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Reads the settings, takes the state folder and composes the parts; nothing runs yet.</summary>
    /// <param name="args">Command line settings, as in .NET.</param>
    /// <param name="time">The clock.</param>
    /// <param name="errors">Where faults are told, a line each.</param>
    /// <param name="extend">Adds parts, for instance a log of one's own; null for none.</param>
    /// <returns>Null where there is any fault.</returns>
    public static ServiceApplication? Create(string[] args, TimeProvider time, TextWriter errors, Action<IServiceCollection>? extend = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = EndpointDefaults.Values });
        ServiceSettings settings = SettingsReader.Read(builder.Configuration, out IReadOnlyList<SettingFault> faults);
        faults = [.. faults, .. SettingsReader.SecretsIn(args)];
        foreach (SettingFault fault in faults) errors.WriteLine(fault);
        if (faults.Count > 0) return null;
        if (!StateFolder.TryTake(settings.State.Path, out StateFolder? folder, out string held))
        {
            errors.WriteLine(held);
            return null;
        }
        if (!AdminPlane.TryPrepare(settings, errors) || TryOpen(settings, folder, time, errors) is not { } door)
        {
            folder.Dispose();
            return null;
        }
        AddParts(builder.Services, settings, door, time);
        builder.Services.AddTls(builder.Configuration, settings, time);
        if (door.IsShared) AddShared(builder.Services, settings);
        // The console alone: Kestrel asks every provider about every frame whether it wants to hear of it.
        builder.Logging.ClearProviders().AddConsole();
        builder.AddListeners();
        extend?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        Map(app, settings.Role);
        return new(app, folder, door);
    }

    private static StateDoor? TryOpen(ServiceSettings settings, StateFolder folder, TimeProvider time, TextWriter errors)
    {
        try
        {
            return StateDoor.Open(settings, folder, time);
        }
        catch (StoreUnavailableException e)
        {
            errors.WriteLine(e.Message);
            return null;
        }
    }

    /// <summary>Puts the last good table in force, or makes sure that there is a world to make one from.</summary>
    /// <returns>False where there is neither; the faults are logged.</returns>
    public bool TryPrepare(TextWriter errors)
    {
        ServiceSettings settings = Parts.GetRequiredService<ServiceSettings>();
        ILogger logger = Parts.GetRequiredService<ILogger<ServiceApplication>>();
        string hour = settings.Solve.UtcHour?.ToString(CultureInfo.InvariantCulture) ?? "by the clock";
        StartLog.Settings(logger, settings.World.Path, settings.World.CountryMmdb,
            settings.World.AsnMmdb, settings.State.Path, settings.State.KeptTables, settings.Solve.Interval, hour);
        Publisher publisher = Parts.GetRequiredService<Publisher>();
        LogSolve(logger, settings.Solve);
        StartLog.Guard(logger, settings.Guard);
        StartLog.Health(logger, settings.Health, settings.Load);
        if (settings.Shared is { } shared) return Join(publisher, settings, shared, logger);
        // Before the first answer: a table from disk may send clients to what has gone down since.
        Parts.GetRequiredService<HealthWatch>().Look();
        if (publisher.Restore() || publisher.ReadWorld(out _) is not null) return true;
        errors.WriteLine($"World:Path is '{settings.World.Path}': the world is refused for the faults listed, and State:Path holds no table to serve instead.");
        return false;
    }

    // Redis may be away, or have no world yet: whatever is missing comes by itself.
    private bool Join(Publisher publisher, ServiceSettings settings, SharedSettings shared, ILogger logger)
    {
        (string role, string name) = (settings.Role.ToString().ToLowerInvariant(), Parts.GetRequiredService<Leadership>().Name);
        string endpoints = string.Join(',', shared.Redis.Endpoints);
        StartLog.Shared(logger, role, name, endpoints, shared.Redis.Prefix, shared.Lease, shared.Poll);
        Parts.GetRequiredService<TableHolder>().Join(new(role, name));
        publisher.Restore();
        return true;
    }

    /// <summary>Starts serving and solving.</summary>
    /// <exception cref="IOException">An endpoint cannot be had.</exception>
    public async Task StartAsync()
    {
        await _app.StartAsync();
        ILogger logger = Parts.GetRequiredService<ILogger<ServiceApplication>>();
        (string grpc, string http, string admin) = (Endpoints.GrpcUrl, Endpoints.HttpUrl, Endpoints.AdminUrl);
        StartLog.Listening(logger, grpc, http, admin);
    }

    /// <summary>Drains the calls that run, ends a solve that runs and stops.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _door.Store.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A port that is taken comes with its address; an address of another machine or a port kept for root comes without.</summary>
    private string EndpointFault(Exception e)
    {
        if (e.Message.StartsWith(PowerDnsSocket.Setting, StringComparison.Ordinal)) return e.Message;
        IEnumerable<string> endpoints = EndpointDefaults.All.Select(EndpointDefaults.UrlKey).Select(key => $"{key} is '{_app.Configuration[key]}'");
        return $"{e.Message.TrimEnd('.')}. {string.Join(", ", endpoints)}: all must be free ports of local addresses that this user may listen on.";
    }

    private static void LogSolve(ILogger logger, SolveSettings solve)
    {
        StabilitySettings stability = solve.Stability;
        string reserve = solve.Reserve is { } kept ? string.Create(CultureInfo.InvariantCulture, $"{(kept.Places == ReservePlaces.None ? "contract" : kept.Places)} at {kept.Charge}") : "off";
        string maxRtt = solve.MaxRtt is { } bound ? bound.Value.ToString(CultureInfo.InvariantCulture) : "off";
        (string onload, string budget, string slack) = (OrOff(stability.OnloadPercent), OrOff(stability.MoveBudgetPercent), OrOff(solve.MinMaxSlackPercent));
        StartLog.Solve(logger, solve.Failures ? "on" : "off", solve.Bursts ? "on" : "off", stability.MoveCost, onload, stability.Pace.Percent,
            stability.Pace.DeadBandPercent, budget, stability.ArrivalTime, reserve, slack, maxRtt, solve.Candidates);

        static string OrOff(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "off";
    }

    private static void AddParts(IServiceCollection services, ServiceSettings settings, StateDoor door, TimeProvider time)
    {
        services.AddSingleton(time).AddSingleton(settings).AddSingleton(settings.World).AddSingleton(settings.Solve).AddSingleton(door);
        services.AddSingleton(settings.State).AddSingleton(settings.Guard).AddSingleton<ForceFile>().AddSingleton<TableGuard>();
        services.AddSingleton(settings.Health).AddSingleton<TelemetryVantage>();
        services.AddSingleton(settings.Probes).AddSingleton<ProbesService>().AddSingleton<ProbeTally>().AddSingleton<VantageGate>();
        services.AddSingleton(parts => new ProbeExchange(door.Store.Broadcasts, parts.GetRequiredService<HealthDesk>(), parts.GetRequiredService<ProbeTally>(),
            time, parts.GetRequiredService<ILogger<ProbeExchange>>()));
        services.AddHostedService(static parts => parts.GetRequiredService<ProbeExchange>());
        services.AddSingleton(parts => new HealthDesk(settings.Health, settings.Load, () => parts.GetRequiredService<WorldSource>().Current?.World,
            parts.GetRequiredService<TableHolder>(), time, parts.GetRequiredService<ILogger<HealthDesk>>()));
        services.AddHostedService(static parts => parts.GetRequiredService<HealthDesk>());
        services.AddSingleton(new TableHolder(time, settings.Solve.Interval)).AddSingleton<QuietThread>().AddSingleton<TableIntake>();
        services.AddSingleton<Leadership>().AddSingleton<ILeadership>(static parts => parts.GetRequiredService<Leadership>());
        services.AddSingleton<BillingLedger>().AddSingleton<SolveRules>().AddSingleton<TableRegister>().AddSingleton<SolveKeeper>();
        services.AddPlanner(settings);
        services.AddSingleton<IFacts>(_ => new RegisteredStreams(door.IsShared ? new StoredFacts(door.Store.Worlds) : new FolderFacts(settings.World.Path), door.Store.Streams));
        services.AddSingleton<WorldSource>().AddSingleton<FailoverStage>().AddSingleton<Publisher>().AddSingleton<RollbackStage>().AddSingleton<PublishLoop>();
        services.AddSingleton<HealthWatch>().AddSingleton<OverrideWatch>();
        services.AddHostedService(static parts => parts.GetRequiredService<OverrideWatch>());
        services.AddAdminPlane(settings, time);
        if (!door.IsShared) services.AddHostedService(static parts => parts.GetRequiredService<HealthWatch>());
        services.AddSingleton(settings.Telemetry).AddSingleton<TelemetryBoard>().AddSingleton<SampleFolder>().AddSingleton<BatchIntake>();
        services.AddFolding(settings, door, time);
        services.AddSingleton<FreshRegions>().AddSingleton<IInputCoverage>(static parts => parts.GetRequiredService<FreshRegions>());
        services.AddSingleton<TelemetryService>().AddSingleton(parts => new ReporterGate(settings.Telemetry.Tokens, parts.GetRequiredService<CredentialBook>()));
        if (settings.Role is Role.All or Role.Solve)
        {
            // Ended in the other order: the loop first, then the lease is given back.
            services.AddHostedService(static parts => parts.GetRequiredService<Leadership>());
            services.AddHostedService(static parts => parts.GetRequiredService<PublishLoop>());
            services.AddHostedService<LoadRelay>().AddHostedService<SampleAgeWatch>();
            services.AddHostedService(static parts => parts.GetRequiredService<TelemetryVantage>());
        }
        if (settings.Role != Role.Serve) services.AddHostedService(static parts => parts.GetRequiredService<FoldLoop>());
        services.AddSingleton<DecisionTally>().AddSingleton<DispatchMeter>();
        services.AddSingleton(static parts => new PrometheusExporter(parts.GetRequiredService<DispatchMeter>().Meter));
        services.AddSingleton<AnswerCache>().AddSingleton<Resolver>().AddSingleton<RawResolver>().AddSingleton<PathFinder>().AddSingleton<IngestFinder>();
        services.AddPathReports(settings, door);
        services.AddMediaHooks(settings);
        services.AddSteering(settings);
        services.AddTableWatch(settings);
        services.AddPage(settings);
        services.AddSingleton<RoutingService>().AddSingleton<RelayService>().AddSingleton<StatusService>();
        services.AddSingleton<BoundEndpoints>().AddSingleton<OverviewPage>().AddSingleton<PageRoutes>();
        services.AddOverload(settings);
        services.AddGrpc(static options => options.MaxReceiveMessageSize = 64 * 1024);
        services.AddDirectCalls();
        services.AddSupervision();
        services.AddObservability(settings);
        services.AddStandardRpc();
        if (settings.Role is not (Role.Solve or Role.Fold)) services.AddDnsConnectors(settings.Dns);
    }

    private static void AddShared(IServiceCollection services, ServiceSettings settings)
    {
        services.AddHostedService<TableFollower>().AddHostedService<LastingWatch>();
        if (settings.Role is Role.All or Role.Solve) services.AddHostedService<WorldWatch>();
        if (settings.Role == Role.Serve) services.AddHostedService<LoadListener>();
    }

    private static void Map(WebApplication app, Role role)
    {
        app.UseOverload();
        app.UseRouting();
        app.Use(Plane.Guard);
        app.UseObservability();
        GrpcServiceEndpointConventionBuilder[] grpc =
        [
            .. role is Role.Solve or Role.Fold ? [] : new[] { app.MapGrpcService<RoutingService>(RawMethods), app.MapGrpcService<RelayService>() },
            app.MapGrpcService<TelemetryService>(), app.MapGrpcService<StatusService>(), app.MapGrpcService<ProbesService>(), .. app.MapStandardRpc(),
        ];
        CallLimit limit = app.Services.GetRequiredService<OverloadParts>().Calls;
        foreach (GrpcServiceEndpointConventionBuilder service in grpc)
        {
            service.Add(static endpoint => endpoint.Metadata.Add(Plane.Grpc));
            service.LimitCalls(limit);
        }
        if (role is not (Role.Solve or Role.Fold)) app.MapDnsConnectors();
        app.MapAdminPlane();
        app.WatchTls();
        app.Services.GetRequiredService<PageRoutes>().Map(app, Plane.Http);
        app.MapPathReports();
        app.MapMediaHooks();
        if (role is Role.All or Role.Serve) app.MapSteering();
        app.MapTableWatch();
        app.MapPage();
        app.MapPlanner();
        TellHealth(app.Services.GetRequiredService<TableHolder>(), app.Services.GetRequiredService<HealthService>(), role);
    }

    private static void RawMethods(RawUnaryMethods<RoutingService> raw) =>
        raw.Add(nameof(RoutingService.Resolve), static (service, in request, response) => service.TryResolve(request, response));

    /// <summary>The server is healthy as soon as it can answer; staleness does not change that.</summary>
    private static void TellHealth(TableHolder holder, HealthService health, Role role)
    {
        string[] answering = role is Role.Solve or Role.Fold ? [""] : ["", Protocol.V1.Routing.Descriptor.FullName, Protocol.V1.Relay.Descriptor.FullName];
        foreach (string name in answering) health.SetStatus(name, HealthCheckResponse.Types.ServingStatus.NotServing);
        health.SetStatus(Protocol.V1.Status.Descriptor.FullName, HealthCheckResponse.Types.ServingStatus.Serving);
        holder.Swapped += (_, _) =>
        {
            foreach (string name in answering) health.SetStatus(name, HealthCheckResponse.Types.ServingStatus.Serving);
        };
    }
}
