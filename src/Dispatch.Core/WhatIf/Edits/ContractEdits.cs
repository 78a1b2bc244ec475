using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Edits;

/// <summary>A contract with other terms, or a new one over named edges. What is null stays as it is, and in a new one as <see cref="Contract"/> has it.</summary>
/// <param name="Id">The contract.</param>
public sealed record ContractEdit(string Id) : ScenarioEdit
{
    /// <summary>The edges of a new contract; empty for one that is there.</summary>
    public ImmutableArray<ScenarioTarget> Edges { get; init; } = [];

    /// <summary>What it must carry at least.</summary>
    public Gbps? Floor { get; init; }

    /// <summary>What it may carry at most; infinite for no ceiling.</summary>
    public Gbps? Ceiling { get; init; }

    /// <summary>How it bills.</summary>
    public BillingMethod? Billing { get; init; }

    /// <summary>The level that is paid for anyway.</summary>
    public Gbps? Commit { get; init; }

    /// <summary>What the commit costs, US dollars per GB or per Mbit/s and month.</summary>
    public double? CommitUsd { get; init; }

    /// <summary>Prices above the commit, rising, the last without an end; empty for a contract that bills nothing.</summary>
    public ImmutableArray<PriceTier>? Tiers { get; init; }

    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        WorldFacts facts = draft.Facts;
        Contract? held = facts.Contracts.FirstOrDefault(c => c.Id == Id);
        if (held is not null && !Edges.IsEmpty) return Refused($"'{this}': there is a contract '{Id}' already, with edges of its own; name no edges, or another id");
        if (held is null && Edges.IsEmpty) return Refused($"'{this}': there is no contract '{Id}'; a new one needs edges");
        if (Edges.FirstOrDefault(t => !facts.Edges.Any(t.Covers)) is { Id.Length: > 0 } unknown) return Refused($"'{this}': {unknown.NamesNoEdge()}");
        ImmutableArray<string> edges = held?.Edges ?? [.. facts.Edges.Where(e => Edges.Any(t => t.Covers(e))).Select(static e => e.Id)];
        Contract changed = WithTerms(held ?? new Contract(Id, null, edges, new(0), null));
        ImmutableArray<Contract> all = held is null ? facts.Contracts.Add(changed) : facts.Contracts.Replace(held, changed);
        (ImmutableArray<Contract> nested, string fault) = ContractRules.Nested(all);
        if (fault.Length == 0) fault = ContractRules.FaultOf(changed, nested);
        return fault.Length > 0 ? Refused($"'{this}': {fault}") : (draft with { Facts = facts with { Contracts = nested } }, "");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        List<string> said = [$"contract {Id}"];
        if (!Edges.IsEmpty) said.Add("over " + string.Join('+', Edges));
        Say("floor", Floor?.Value);
        Say("ceiling", Ceiling?.Value);
        if (Billing is { } billing) said.Add(billing == BillingMethod.Volume ? "by volume" : "by 95th percentile");
        Say("commit", Commit?.Value);
        Say("commit USD", CommitUsd);
        if (Tiers is { } tiers) said.Add("tiers " + string.Join(' ', tiers.Select(static t => string.Create(CultureInfo.InvariantCulture, $"{(t.UpTo is { } end ? end.Value : "*")}:{t.Usd}"))));
        return string.Join(", ", said);

        void Say(string name, double? value)
        {
            if (value is { } v) said.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {v}"));
        }
    }

    private Contract WithTerms(Contract contract) => contract with
    {
        Floor = Floor ?? contract.Floor,
        Ceiling = Ceiling is { } ceiling ? (double.IsPositiveInfinity(ceiling.Value) ? null : ceiling) : contract.Ceiling,
        Billing = Billing ?? contract.Billing,
        Commit = Commit ?? contract.Commit,
        CommitUsd = CommitUsd ?? contract.CommitUsd,
        Tiers = Tiers ?? contract.Tiers,
    };
}

/// <summary>Ends a contract: its edges are billed by what is around it, or by their own prices.</summary>
/// <param name="Id">The contract.</param>
public sealed record EndContractEdit(string Id) : ScenarioEdit
{
    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        WorldFacts facts = draft.Facts;
        if (facts.Contracts.FirstOrDefault(c => c.Id == Id) is not { } ended) return Refused($"'{this}': there is no contract '{Id}'");
        return (draft with { Facts = facts with { Contracts = ContractRules.Nested(facts.Contracts.Remove(ended)).Contracts } }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => $"end contract {Id}";
}
