using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Edits;

/// <summary>Changes the price of edges: by a factor, whatever they are billed by, or to a new price of their own.</summary>
/// <remarks>
/// Traffic at an edge that a contract bills is paid by the contract, not by the edge's own price. A factor reaches those contracts too, which is only
/// meant where it is meant for all edges of the contract; a new price of one's own would change nothing there. Both are refused otherwise.
/// </remarks>
/// <param name="Target">An edge, or the edges of an operator, a site or a fault domain.</param>
/// <param name="Factor">Finite, at least 0.</param>
public sealed record PriceEdit(ScenarioTarget Target, double Factor) : ScenarioEdit
{
    /// <summary>The new price, multiplied by <see cref="Factor"/>; null (default) for the old one.</summary>
    public Price? Price { get; init; }

    /// <inheritdoc/>
    public override (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (NotAtLeastZero("the factor", Factor) is { Length: > 0 } fault) return Refused($"'{this}': {fault}");
        if (Price is { } price && (NotAtLeastZero("the price", price.UsdPerGb) + NotAtLeastZero("the price", price.UsdPerMbpsMonth)) is { Length: > 0 } wrong)
            return Refused($"'{this}': {wrong}");
        WorldFacts facts = draft.Facts;
        HashSet<string> named = [.. facts.Edges.Where(Target.Covers).Select(static e => e.Id)];
        ImmutableArray<Contract> bills = [.. facts.Contracts.Where(c => !c.Tiers.IsEmpty && c.Edges.Any(named.Contains))];
        if (bills.FirstOrDefault(c => Price is not null || !c.Edges.All(named.Contains)) is { } billed)
        {
            return Refused($"'{this}': contract '{billed.Id}' bills {billed.Edges.First(named.Contains)}, so a price of its own would change nothing; "
                + (Price is null ? "name all edges of the contract, or change the contract" : "change the contract"));
        }
        (ScenarioDraft? changed, string none) = draft.MapEdges(Target, e => e with { Price = Scaled(Price ?? e.Price) });
        return changed is null ? Refused(none) : (changed with { Facts = changed.Facts with { Contracts = [.. facts.Contracts.Select(c => bills.Contains(c) ? Scaled(c) : c)] } }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"price {Target}{(Price is { } p ? " " + p.Text() + " " : "")}×{Factor}");

    private Price Scaled(Price price) => price with { UsdPerGb = price.UsdPerGb * Factor, UsdPerMbpsMonth = price.UsdPerMbpsMonth * Factor };

    private Contract Scaled(Contract contract) => contract with
    {
        Tiers = [.. contract.Tiers.Select(t => t with { Usd = t.Usd * Factor })],
        CommitUsd = contract.CommitUsd * Factor,
    };
}

/// <summary>Says prices.</summary>
internal static class PriceText
{
    /// <summary>A price with its unit.</summary>
    public static string Text(this Price price) => price.Model == PriceModel.PerGb
        ? string.Create(CultureInfo.InvariantCulture, $"{price.UsdPerGb} USD/GB")
        : string.Create(CultureInfo.InvariantCulture, $"{price.UsdPerMbpsMonth} USD per Mbit/s and month");
}
