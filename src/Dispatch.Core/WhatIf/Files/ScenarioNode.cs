using System.Collections.Immutable;

namespace TrafficDispatch.WhatIf.Files;

/// <summary>A value of a scenario file with its place, whichever notation it was written in. Immutable.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public abstract record ScenarioNode(int Line, int Column)
{
    /// <summary>What kind of value it is, for people.</summary>
    public abstract string Kind { get; }
}

/// <summary>A text, a number, true, false or nothing.</summary>
/// <param name="Text">As written, without quotes; empty for nothing.</param>
/// <param name="IsQuoted">True where it can only be a text.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record ScalarNode(string Text, bool IsQuoted, int Line, int Column) : ScenarioNode(Line, Column)
{
    /// <inheritdoc/>
    public override string Kind => Text.Length == 0 && !IsQuoted ? "nothing" : $"'{Text}'";
}

/// <summary>A list.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record ListNode(ImmutableArray<ScenarioNode> Items, int Line, int Column) : ScenarioNode(Line, Column)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>Names with values.</summary>
/// <param name="Entries">In the order in which they were written; a name may stand twice, which its reader refuses.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record MapNode(ImmutableArray<(ScalarNode Name, ScenarioNode Value)> Entries, int Line, int Column) : ScenarioNode(Line, Column)
{
    /// <inheritdoc/>
    public override string Kind => "a map";
}

/// <summary>What is wrong with a scenario file.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Field">The field, for instance <c>edits[2].factor</c>; empty for the whole file.</param>
/// <param name="Rule">The value and the rule that it breaks.</param>
public sealed record StudyFault(string File, int Line, int Column, string Field, string Rule)
{
    /// <summary><c>file:line:column: field: rule</c>.</summary>
    public override string ToString() => Field.Length == 0 ? $"{File}:{Line}:{Column}: {Rule}" : $"{File}:{Line}:{Column}: {Field}: {Rule}";
}
