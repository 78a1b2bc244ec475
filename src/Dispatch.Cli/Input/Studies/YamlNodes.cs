using System.Collections.Immutable;
using TrafficDispatch.WhatIf.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TrafficDispatch.Cli.Input.Studies;

/// <summary>Reads YAML into nodes that know their place. JSON is YAML, too. What a scenario needs no more than: no anchors, tags or second document.</summary>
internal static class YamlNodes
{
    /// <summary>Reads one document.</summary>
    /// <returns>Its value and no fault, or null and what is wrong.</returns>
    public static (ScenarioNode? Node, StudyFault? Fault) Read(string text, string file)
    {
        try
        {
            Parser parser = new(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return (null, new(file, 1, 1, "", "it is empty; it must be a map with edits"));
            parser.Consume<DocumentStart>();
            ScenarioNode node = Value(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out _)) return (null, At(parser.Current!.Start, "holds a second document; one file is one study"));
            return (node, null);
        }
        catch (YamlException e)
        {
            return (null, At(e.Start, $"it is no YAML: {e.Message}"));
        }
        catch (UnfitYamlException e)
        {
            return (null, At(e.Mark, e.Message));
        }

        StudyFault At(Mark mark, string rule) => new(file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column), "", rule);
    }

    private static ScenarioNode Value(Parser parser, int depth)
    {
        ParsingEvent next = parser.Consume<ParsingEvent>();
        (int line, int column) = ((int)next.Start.Line, (int)next.Start.Column);
        if (depth > JsonNodes.MostDepth) throw new UnfitYamlException(next.Start, $"is deeper than {JsonNodes.MostDepth} levels");
        if (next is AnchorAlias or NodeEvent { Anchor.IsEmpty: false }) throw new UnfitYamlException(next.Start, "uses an anchor; write the value out");
        if (next is NodeEvent { Tag.IsEmpty: false }) throw new UnfitYamlException(next.Start, "uses a tag; write a plain value");
        switch (next)
        {
            case Scalar scalar:
                bool isQuoted = scalar.Style is not ScalarStyle.Plain;
                bool isNothing = !isQuoted && scalar.Value is "" or "~" or "null";
                return new ScalarNode(isNothing ? "" : scalar.Value, isQuoted, line, column);
            case SequenceStart:
                ImmutableArray<ScenarioNode>.Builder items = ImmutableArray.CreateBuilder<ScenarioNode>();
                while (!parser.Accept<SequenceEnd>(out _)) items.Add(Value(parser, depth + 1));
                parser.MoveNext();
                return new ListNode(items.ToImmutable(), line, column);
            case MappingStart:
                ImmutableArray<(ScalarNode, ScenarioNode)>.Builder entries = ImmutableArray.CreateBuilder<(ScalarNode, ScenarioNode)>();
                while (!parser.Accept<MappingEnd>(out _))
                {
                    Mark at = parser.Current!.Start;
                    if (Value(parser, depth + 1) is not ScalarNode name) throw new UnfitYamlException(at, "a name must be a text");
                    entries.Add((name, Value(parser, depth + 1)));
                }
                parser.MoveNext();
                return new MapNode(entries.ToImmutable(), line, column);
            default:
                throw new UnfitYamlException(next.Start, "is nothing that a scenario can hold");
        }
    }

    private sealed class UnfitYamlException(Mark mark, string message) : Exception(message)
    {
        public Mark Mark => mark;
    }
}
