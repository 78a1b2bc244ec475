using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Edits;

/// <summary>The rules that contracts of a world keep, for those that no file was read of.</summary>
internal static class ContractRules
{
    /// <summary>The contracts with their parents as their edges say, each inside the smallest that holds it. O(contracts² × edges).</summary>
    /// <returns>The contracts, or none and the two that overlap without nesting.</returns>
    public static (ImmutableArray<Contract> Contracts, string Fault) Nested(ImmutableArray<Contract> contracts)
    {
        HashSet<string>[] held = [.. contracts.Select(static c => new HashSet<string>(c.Edges, StringComparer.Ordinal))];
        ImmutableArray<Contract>.Builder nested = ImmutableArray.CreateBuilder<Contract>(contracts.Length);
        for (int c = 0; c < contracts.Length; c++)
        {
            int parent = -1;
            for (int other = 0; other < contracts.Length; other++)
            {
                if (other == c || !held[c].Overlaps(held[other])) continue;
                bool isAround = held[other].IsProperSupersetOf(held[c]) || (held[other].SetEquals(held[c]) && IsOuter(contracts, other, c));
                bool isInside = held[c].IsProperSupersetOf(held[other]) || (held[other].SetEquals(held[c]) && !isAround);
                if (!isAround && !isInside) return ([], $"contracts '{contracts[c].Id}' and '{contracts[other].Id}' share edges, and neither holds the other");
                if (isAround && (parent < 0 || held[other].Count < held[parent].Count || (held[other].Count == held[parent].Count && IsOuter(contracts, parent, other)))) parent = other;
            }
            nested.Add(contracts[c] with { ParentId = parent < 0 ? null : contracts[parent].Id });
        }
        return (nested.ToImmutable(), "");
    }

    /// <summary>What is wrong with the terms of one contract among others; empty where nothing is.</summary>
    public static string FaultOf(Contract contract, ImmutableArray<Contract> all)
    {
        foreach ((string name, double value) in ((string, double)[])
            [("floor_gbps", contract.Floor.Value), ("ceiling_gbps", contract.Ceiling?.Value ?? 0), ("commit_gbps", contract.Commit.Value), ("commit_usd", contract.CommitUsd ?? 0), .. contract.Tiers.Select(static t => ("a tier's price", t.Usd))])
        {
            if (!double.IsFinite(value) || value < 0) return string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be a finite number of at least 0");
        }
        if (contract.Commit.Value > 0 && contract.Tiers.IsEmpty) return "a commit must not stand without tiers: nothing says what exceeding it costs";
        if (TiersFault(contract) is { Length: > 0 } fault) return fault;
        if (contract.Tiers.IsEmpty) return "";
        HashSet<string> mine = [.. contract.Edges];
        return all.FirstOrDefault(c => c.Id != contract.Id && !c.Tiers.IsEmpty && c.Edges.Any(mine.Contains)) is { } other
            ? $"contract '{other.Id}' bills {other.Edges.First(mine.Contains)} already, and traffic is billed once" : "";
    }

    private static string TiersFault(Contract contract)
    {
        (double level, double usd) = (contract.Commit.Value, 0);
        for (int t = 0; t < contract.Tiers.Length; t++)
        {
            PriceTier tier = contract.Tiers[t];
            if (tier.UpTo is null != (t == contract.Tiers.Length - 1)) return "the last tier, and only that, must be without an end";
            if (tier.UpTo is { } end && !(end.Value > level)) return string.Create(CultureInfo.InvariantCulture, $"the tier up to {end.Value} must end above {(t == 0 ? "the commit" : "the one before it")}");
            if (tier.Usd < usd) return "no tier may be cheaper than the one before it: the solve prices convex tiers only";
            (level, usd) = (tier.UpTo?.Value ?? level, tier.Usd);
        }
        return "";
    }

    // Of two with the same edges the one that is the other's parent is around it; where neither is, the first.
    private static bool IsOuter(ImmutableArray<Contract> contracts, int outer, int inner)
    {
        for (string? at = contracts[inner].ParentId; at is not null; at = contracts.FirstOrDefault(c => c.Id == at)?.ParentId)
            if (at == contracts[outer].Id) return true;
        for (string? at = contracts[outer].ParentId; at is not null; at = contracts.FirstOrDefault(c => c.Id == at)?.ParentId)
            if (at == contracts[inner].Id) return false;
        return outer < inner;
    }
}
