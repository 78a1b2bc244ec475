using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.WhatIf.Edits;

namespace TrafficDispatch.WhatIf.Sweeps;

/// <summary>Names a sweep by all that its rows depend on, so that a journal is never taken up by another one.</summary>
internal static class SweepFingerprint
{
    /// <summary>Of a sweep over scenarios.</summary>
    public static string Of(ScenarioRunner runner, IEnumerable<Scenario> scenarios)
    {
        using IncrementalHash hash = Begin(runner);
        foreach (Scenario scenario in scenarios)
        {
            Add(hash, scenario.Name);
            foreach (ScenarioEdit edit in scenario.Edits) Add(hash, edit.ToString());
        }
        return End(hash);
    }

    /// <summary>Of a sweep over all failures.</summary>
    public static string OfFailures(ScenarioRunner runner, bool operators)
    {
        using IncrementalHash hash = Begin(runner);
        Add(hash, operators ? "failures, operators too" : "failures");
        return End(hash);
    }

    private static IncrementalHash Begin(ScenarioRunner runner)
    {
        IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Snapshot snapshot = runner.Snapshot;
        Add(hash, snapshot.World.Version);
        Add(hash, snapshot.UtcHour.ToString(CultureInfo.InvariantCulture));
        for (int r = 0; r < snapshot.World.Regions.Length; r++) Add(hash, snapshot.ScaleOf(r).ToString("R", CultureInfo.InvariantCulture));
        Add(hash, runner.Baseline.Trace.Objective.ToString(CultureInfo.InvariantCulture));
        return hash;
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }

    private static string End(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
}
