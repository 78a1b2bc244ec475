using System.Collections.Immutable;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.WhatIf.Files;
using Question = TrafficDispatch.WhatIf.Tradeoffs.CapacityQuestion;

namespace TrafficDispatch.Service.Planning;

/// <summary>What a planner asks, checked as far as that goes without a world. Immutable.</summary>
/// <param name="Study">The scenario.</param>
/// <param name="Most">Rows of each list of a difference.</param>
/// <param name="Baselines">True to tell what simpler rules make of it.</param>
/// <param name="Capacity">Where to add capacity; null where that is not asked.</param>
/// <param name="Failures">Which failures to try; null for none.</param>
internal sealed record WhatIfQuestion(ScenarioStudy Study, int Most, bool Baselines, Question? Capacity, FailureQuestion? Failures);

/// <summary>Reads requests. Every fault of a request is told at once.</summary>
internal static class QuestionReader
{
    /// <summary>Longest scenario, bytes of UTF-8.</summary>
    public const int LongestScenario = 1 << 20;

    /// <summary>Most rows of a list.</summary>
    public const int MostRows = 5000;

    /// <summary>Rows of a list where none are asked for.</summary>
    public const int UsualRows = 50;

    /// <summary>Most places that a piece of capacity is tried at.</summary>
    public const int MostTried = 64;

    /// <summary>Most pieces of capacity.</summary>
    public const int MostPieces = 1000;

    // Beyond these nothing is a rate or a price, and sums would leave 64 bits.
    private const long MostMbps = 1_000_000_000_000, MostMicroUsd = 1_000_000_000_000_000;

    private const int MostTargets = 1000;

    /// <summary>Reads a request.</summary>
    /// <returns>The question and no fault, or null and every fault.</returns>
    public static (WhatIfQuestion? Question, ImmutableArray<string> Faults) Read(WhatIfRequest request)
    {
        ImmutableArray<string>.Builder faults = ImmutableArray.CreateBuilder<string>();
        ScenarioStudy? study = StudyOf(request.Scenario, faults);
        if (request.Most > MostRows) faults.Add($"most: is {request.Most}; it must be at most {MostRows}, or 0 for {UsualRows}");
        Question? capacity = request.Capacity is { } asked ? CapacityOf(asked, faults) : null;
        if (study is { IsSweep: true } && (!study.Hours.IsEmpty || study.Month is not null || !study.Pareto.IsEmpty || capacity is not null || request.Failures is not null))
            faults.Add("1:1: hours, month, pareto, capacity and failures are of one case; variants and each make several");
        if (faults.Count > 0) return (null, faults.ToImmutable());
        int most = request.Most == 0 ? UsualRows : (int)request.Most;
        return (new(study!, most, request.Baselines, capacity, request.Failures), []);
    }

    /// <summary>A fault of a scenario without the file, which only the caller knows.</summary>
    public static string Told(StudyFault fault)
    {
        FormattableString place = $"{fault.Line}:{fault.Column}: ";
        return FormattableString.Invariant(place) + (fault.Field.Length == 0 ? fault.Rule : $"{fault.Field}: {fault.Rule}");
    }

    private static ScenarioStudy? StudyOf(string scenario, ImmutableArray<string>.Builder faults)
    {
        // A request of this size may hold a longer text than a scenario; nobody counts its characters by hand.
        byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(scenario.Length == 0 ? "{\"name\":\"the world as it is\"}" : scenario);
        if (utf8.Length > LongestScenario)
        {
            faults.Add($"scenario: has {utf8.Length} bytes; it must have at most {LongestScenario}");
            return null;
        }
        (ScenarioStudy? study, ImmutableArray<StudyFault> found) = StudyReader.ReadJson(utf8, "scenario");
        faults.AddRange(found.Select(Told));
        return study;
    }

    private static Question CapacityOf(CapacityQuestion asked, ImmutableArray<string>.Builder faults)
    {
        Rate("total_mbps", asked.TotalMbps);
        Rate("piece_mbps", asked.PieceMbps);
        if (asked.TotalMbps > 0 && asked.PieceMbps > 0 && (asked.TotalMbps - 1) / asked.PieceMbps >= MostPieces)
            faults.Add($"capacity.piece_mbps: is {asked.PieceMbps} of {asked.TotalMbps}; there must be at most {MostPieces} pieces");
        if (asked.Tried > MostTried) faults.Add($"capacity.tried: is {asked.Tried}; it must be at most {MostTried}, or 0 for 6");
        if (asked.MicroUsdPerGbpsMonth is < 0 or > MostMicroUsd) faults.Add($"capacity.micro_usd_per_gbps_month: is {asked.MicroUsdPerGbpsMonth}; it must be from 0 to {MostMicroUsd}");
        if (asked.At.Count > MostTargets) faults.Add($"capacity.at: has {asked.At.Count} targets; it must have at most {MostTargets}");
        Question question = new() { Total = new(asked.TotalMbps / 1000.0), Piece = new(asked.PieceMbps / 1000.0), UsdPerGbpsMonth = asked.MicroUsdPerGbpsMonth / 1e6, At = TargetsOf(asked, faults) };
        return asked.Tried == 0 ? question : question with { Tried = (int)Math.Min(asked.Tried, MostTried) };

        void Rate(string field, long mbps)
        {
            if (mbps is < 1 or > MostMbps) faults.Add($"capacity.{field}: is {mbps}; it must be from 1 to {MostMbps}");
        }
    }

    private static ImmutableArray<TrafficDispatch.WhatIf.ScenarioTarget> TargetsOf(CapacityQuestion asked, ImmutableArray<string>.Builder faults)
    {
        ImmutableArray<TrafficDispatch.WhatIf.ScenarioTarget>.Builder targets = ImmutableArray.CreateBuilder<TrafficDispatch.WhatIf.ScenarioTarget>();
        foreach (string text in asked.At.Take(MostTargets))
        {
            if (TrafficDispatch.WhatIf.ScenarioTarget.TryParse(text, out TrafficDispatch.WhatIf.ScenarioTarget target) && target.NamesEdges) targets.Add(target);
            else faults.Add($"capacity.at: is '{text}'; it must be all or edge:ID, operator:ID, domain:ID or site:CODE");
        }
        return targets.ToImmutable();
    }
}
