using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Planning;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Tests.Overload;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf;

namespace TrafficDispatch.Service.Tests.Planning;

/// <summary>What tests of planners ask of a service.</summary>
internal static class PlanningServices
{
    /// <summary>Asks.</summary>
    public static WhatIfReader Ask(this TestService service, string scenario, Action<WhatIfRequest>? more = null)
    {
        WhatIfRequest request = new() { Scenario = scenario };
        more?.Invoke(request);
        return new(service.GrpcUrl, request);
    }

    /// <summary>The library on the facts of the service, solved from nothing: what it must agree with.</summary>
    public static ScenarioRunner Library(this TestService service, int? hour = null)
    {
        SolvedFacts facts = service.Part<LastOptimum>().Current!;
        return ScenarioRunner.Start(facts.Assignment.Snapshot with { UtcHour = hour ?? facts.Assignment.Snapshot.UtcHour }, SolveOptions.Default);
    }

    /// <summary>Waits until no run is under way and its threads are gone.</summary>
    public static async Task Quiet(this TestService service, Action? meanwhile = null)
    {
        using CancellationTokenSource patience = new(WhatIfReader.Patience);
        await Eventually.Holds(() =>
        {
            meanwhile?.Invoke();
            return service.Part<RunLine>() is { Running: 0, Waiting: 0 };
        }, patience.Token);
    }

    /// <summary>
    /// A scenario of 400 cases whose results, 4 kB each, are more than what may wait on the way to a caller who does not read: it cannot end before somebody
    /// does.
    /// </summary>
    public static string Heavy { get; } =
        $"{{\"variants\":[[{Variants('a', """{"surge":"region:FR-01","factor":1.1}""")}],[{Variants('b', """{"capacity":"edge:own-par","factor":0.9}""")}]]}}";

    private static string Variants(char letter, string edit) =>
        string.Join(',', Enumerable.Range(0, 20).Select(i => $"{{\"name\":\"{new string(letter, 2000)}{i}\",\"edits\":[{edit}]}}"));
}
