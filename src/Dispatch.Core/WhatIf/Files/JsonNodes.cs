using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TrafficDispatch.WhatIf.Files;

/// <summary>Reads JSON into nodes that know their place. Comments and trailing commas are let pass, as people write them.</summary>
public static class JsonNodes
{
    /// <summary>Values deeper than this are refused.</summary>
    public const int MostDepth = 16;

    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MostDepth };

    /// <summary>Reads one value. O(bytes).</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="file">Its name, for faults.</param>
    /// <returns>The value and no fault, or null and what is wrong.</returns>
    public static (ScenarioNode? Node, StudyFault? Fault) Read(ReadOnlySpan<byte> utf8, string file)
    {
        Lines lines = new(utf8);
        Utf8JsonReader reader = new(utf8, Options);
        try
        {
            reader.Read();
            ScenarioNode node = Value(ref reader, lines);
            reader.Read();
            return (node, null);
        }
        catch (JsonException e)
        {
            string rule = e.Message.Split(" LineNumber:")[0];
            return (null, new(file, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, "", $"it is no JSON: {rule}"));
        }
        catch (InvalidOperationException)
        {
            return (null, new(file, 1, 1, "", "it is no JSON: a text is not UTF-8"));
        }
    }

    /// <summary>Writes a value as JSON: what was a text stays one, numbers, true and false stay what they are.</summary>
    public static byte[] Write(ScenarioNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes)) Write(json, node);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ScenarioNode node)
    {
        switch (node)
        {
            case MapNode map:
                json.WriteStartObject();
                foreach ((ScalarNode name, ScenarioNode value) in map.Entries)
                {
                    json.WritePropertyName(name.Text);
                    Write(json, value);
                }
                json.WriteEndObject();
                break;
            case ListNode list:
                json.WriteStartArray();
                foreach (ScenarioNode item in list.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case ScalarNode { IsQuoted: false, Text.Length: 0 }:
                json.WriteNullValue();
                break;
            case ScalarNode { IsQuoted: false, Text: "true" or "false" } flag:
                json.WriteBooleanValue(flag.Text == "true");
                break;
            case ScalarNode { IsQuoted: false } scalar when double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case ScalarNode text:
                json.WriteStringValue(text.Text);
                break;
            default:
                throw new ArgumentException($"A node of {node.GetType()} has no form in JSON.", nameof(node));
        }
    }

    private static ScenarioNode Value(ref Utf8JsonReader reader, Lines lines)
    {
        (int line, int column) = lines.Of(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ImmutableArray<(ScalarNode, ScenarioNode)>.Builder entries = ImmutableArray.CreateBuilder<(ScalarNode, ScenarioNode)>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    (int l, int c) = lines.Of(reader.TokenStartIndex);
                    ScalarNode name = new(reader.GetString()!, true, l, c);
                    reader.Read();
                    entries.Add((name, Value(ref reader, lines)));
                }
                return new MapNode(entries.ToImmutable(), line, column);
            case JsonTokenType.StartArray:
                ImmutableArray<ScenarioNode>.Builder items = ImmutableArray.CreateBuilder<ScenarioNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Value(ref reader, lines));
                return new ListNode(items.ToImmutable(), line, column);
            case JsonTokenType.String:
                return new ScalarNode(reader.GetString()!, true, line, column);
            case JsonTokenType.Null:
                return new ScalarNode("", false, line, column);
            default:
                return new ScalarNode(Encoding.UTF8.GetString(reader.ValueSpan), false, line, column);
        }
    }

    /// <summary>Where lines begin.</summary>
    private sealed class Lines
    {
        private readonly List<int> _starts = [0];

        public Lines(ReadOnlySpan<byte> utf8)
        {
            for (int i = 0; i < utf8.Length; i++)
                if (utf8[i] == (byte)'\n') _starts.Add(i + 1);
        }

        public (int Line, int Column) Of(long offset)
        {
            int at = _starts.BinarySearch((int)offset), line = at < 0 ? ~at - 1 : at;
            return (line + 1, (int)offset - _starts[line] + 1);
        }
    }
}
