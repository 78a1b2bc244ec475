namespace TrafficDispatch.WhatIf.Edits;

/// <summary>One change of the facts. Pure and immutable; its text is the change as a person would say it, with every value that it holds.</summary>
public abstract record ScenarioEdit
{
    /// <summary>Applies the change.</summary>
    /// <returns>The changed facts and an empty fault, or null and the rule that is broken.</returns>
    public abstract (ScenarioDraft? Draft, string Fault) Apply(ScenarioDraft draft);

    /// <summary>Nothing changes, and this is why.</summary>
    private protected static (ScenarioDraft?, string) Refused(string fault) => (null, fault);

    /// <summary>The rule that a number of at least 0 breaks; empty where it breaks none.</summary>
    private protected static string NotAtLeastZero(string name, double value) =>
        double.IsFinite(value) && value >= 0 ? "" : FormattableString.Invariant($"{name} is {value}; it must be a finite number of at least 0");
}
