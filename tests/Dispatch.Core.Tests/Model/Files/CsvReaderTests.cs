using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests.Model.Files;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a|b/1|2")]
    [InlineData("a,b\r\n1,2\r\n", "a|b/1|2")]
    [InlineData("a,b\n1,2", "a|b/1|2")]
    [InlineData("a,b\n1,", "a|b/1|")]
    [InlineData(",", "|")]
    [InlineData("\n\na\n\r\n\nb", "a/b")]
    [InlineData("\"\"\n", "")]
    [InlineData("\"a,b\",\"c\nd\"\n", "a,b|c\nd")]
    [InlineData("\"say \"\"yes\"\"\",\"\"\"\"\n", "say \"yes\"|\"")]
    [InlineData("\uFEFFa,b\n", "a|b")]
    [InlineData("São Paulo,東京\n", "São Paulo|東京")]
    [InlineData("", null)]
    [InlineData("\n\r\n", null)]
    public void Read_WellFormedText_GivesItsFields(string text, string? expected)
    {
        (List<string> records, List<CsvFault> faults) = ReadAll(text);
        Assert.Empty(faults);
        Assert.Equal(expected is null ? [] : expected.Split('/'), records);
    }

    [Theory]
    [InlineData("a\nb\"c,d\ne\n", 2, 2, "a quote may only stand in a quoted field", "a/b\"c|d/e")]
    [InlineData("é,\"b\"c,d\ne\n", 1, 6, "a closing quote must end the field", "é|b|d/e")]
    [InlineData("a\nx,\"b\nc\n", 2, 3, "a quote must be closed", "a/x|b\nc\n")]
    [InlineData("a\rb\nc\n", 1, 2, "a carriage return must be followed by a line feed", "a\rb/c")]
    [InlineData("\"a\nb\"c\nd\n", 2, 3, "a closing quote must end the field", "a\nb/d")]
    public void Read_MalformedRecord_NamesThePlaceAndGoesOn(string text, int line, int column, string rule, string expected)
    {
        (List<string> records, List<CsvFault> faults) = ReadAll(text);
        Assert.Equal([new CsvFault(line, column, rule)], faults);
        Assert.Equal(expected.Split('/'), records);
    }

    [Fact]
    public void Read_MoreFieldsThanTheLimit_IsAFault()
    {
        (_, List<CsvFault> faults) = ReadAll("a,b,c\nd\n", new WorldLimits { Fields = 2 });
        Assert.Equal([new CsvFault(1, 5, "a record must not have more than 2 fields")], faults);
    }

    [Fact]
    public void Read_LongerRecordThanTheLimit_IsAFault()
    {
        (_, List<CsvFault> faults) = ReadAll("abcdefgh\nd\n", new WorldLimits { RecordBytes = 7 });
        Assert.Equal([new CsvFault(1, 1, "a record must not be longer than 7 bytes")], faults);
    }

    [Fact]
    public void Position_FieldsOfALaterLine_CountsCharactersFromOne()
    {
        CsvReader csv = new("x\né😀,\"b\",c\n"u8.ToArray(), new WorldLimits());
        Assert.True(csv.Read() && csv.Read());
        Assert.Equal([(2, 1), (2, 4), (2, 8)], Enumerable.Range(0, csv.FieldCount).Select(csv.Position));
    }

    /// <summary>Whatever is written by the rules of RFC 4180 is read back, field for field.</summary>
    [Fact]
    public void Read_WrittenRecords_AreReadBack()
    {
        Gen<string> field = Gen.Elements("a", "b", ",", "\"", "\n", "\r\n", "é", "😀", " ").ListOf().Select(static parts => string.Concat(parts));
        Gen<List<List<string>>> table = field.NonEmptyListOf().Select(static f => f.ToList()).ListOf().Select(static r => r.ToList());
        Prop.ForAll(table.ToArbitrary(), static records =>
        {
            StringBuilder text = new();
            foreach (List<string> record in records)
                text.AppendJoin(',', record.Select(static f => '"' + f.Replace("\"", "\"\"", StringComparison.Ordinal) + '"')).Append("\r\n");
            (List<string> read, List<CsvFault> faults) = ReadAll(text.ToString());
            return faults.Count == 0 && read.SequenceEqual(records.Select(static r => string.Join('|', r)), StringComparer.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Any bytes at all are read to their end, with positions inside the text.</summary>
    [Fact]
    public void Read_AnyBytes_Ends()
    {
        Gen<byte[]> bytes = Gen.Elements((byte)'"', (byte)',', (byte)'\n', (byte)'\r', (byte)'a', (byte)0, (byte)0xEF, (byte)0xBB, (byte)0xBF, (byte)0xFF).ArrayOf();
        Prop.ForAll(bytes.ToArbitrary(), static input =>
        {
            CsvReader csv = new(input, new WorldLimits { Fields = 4, RecordBytes = 16 });
            int fields = 0, lines = input.Count(static b => b == '\n') + 1;
            bool inside = true;
            while (csv.Read())
            {
                fields += csv.FieldCount;
                for (int i = 0; i < csv.FieldCount; i++)
                    inside &= csv.Field(i).Length <= input.Length && csv.Position(i) is var (line, column) && line <= lines && column <= input.Length + 1;
            }
            return inside && fields <= input.Length + 1;
        }).QuickCheckThrowOnFailure();
    }

    private static (List<string> Records, List<CsvFault> Faults) ReadAll(string text, WorldLimits? limits = null)
    {
        CsvReader csv = new(Encoding.UTF8.GetBytes(text), limits ?? new WorldLimits());
        List<string> records = [];
        List<CsvFault> faults = [];
        while (csv.Read())
        {
            if (csv.Fault is { } fault) faults.Add(fault);
            List<string> fields = [];
            for (int i = 0; i < csv.FieldCount; i++) fields.Add(Encoding.UTF8.GetString(csv.Field(i)));
            records.Add(string.Join('|', fields));
        }
        return (records, faults);
    }
}
