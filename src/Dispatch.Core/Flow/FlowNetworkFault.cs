namespace TrafficDispatch.Flow;

/// <summary>One thing wrong with a network under construction.</summary>
/// <param name="Item">What is wrong, such as <c>arc 7</c>.</param>
/// <param name="Field">The field at fault, such as <c>upper</c>.</param>
/// <param name="Value">The value found.</param>
/// <param name="Rule">The rule it breaks.</param>
public sealed record FlowNetworkFault(string Item, string Field, string Value, string Rule)
{
    /// <summary>One line: item, field, value and rule.</summary>
    public override string ToString() => $"{Item}: {Field} is {Value}; {Rule}";
}

/// <summary>Thrown by <see cref="FlowNetworkBuilder.Build"/> when the caller described an impossible network.</summary>
public sealed class FlowNetworkException : Exception
{
    /// <summary>Creates the exception from the faults found.</summary>
    public FlowNetworkException(IReadOnlyList<FlowNetworkFault> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    /// <summary>Every fault found, at most <see cref="FlowNetworkBuilder.MaxFaults"/>.</summary>
    public IReadOnlyList<FlowNetworkFault> Faults { get; }
}
