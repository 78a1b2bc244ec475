using System.Text;
using System.Text.Json;
using TrafficDispatch.Geo;
using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Geo;

public sealed class MmdbValueTests
{
    public static TheoryData<string, string> Values => new()
    {
        { "text", "\"Z\\u00FCrich\"" }, { "empty", "\"\"" }, { "double", "-122.0838" }, { "float", "37.422000885009766" }, { "nan", "null" },
        { "infinity", "null" }, { "bytes", "\"AAH/\"" }, { "uint16", "65535" }, { "uint32", "4294967295" }, { "zero", "0" },
        { "int32", "-2147483648" }, { "shortint32", "255" }, { "uint64", "18446744073709551615" },
        { "uint128", "340282366920938463463374607431768211455" }, { "true", "true" }, { "false", "false" },
        { "array", "[1,\"two\",[]]" }, { "map", "{\"a\":{\"b\":true},\"c\":[]}" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void WriteJson_EveryType_IsExact(string name, string expected) => Assert.Equal(expected, Json(Read(d => Write(d, name))));

    [Theory]
    [InlineData(28)]
    [InlineData(29)]
    [InlineData(284)]
    [InlineData(285)]
    [InlineData(65_820)]
    [InlineData(65_821)]
    [InlineData(200_000)]
    public void Decode_TextOfEverySizeClass_IsRead(int length)
    {
        string text = new('x', length);
        Assert.Equal(text, Read(d => d.Text(text)).Text);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2_047, 1)]
    [InlineData(2_048, 2)]
    [InlineData(526_335, 2)]
    [InlineData(526_336, 3)]
    [InlineData(900_000, 3)]
    [InlineData(5, 4)]
    [InlineData(900_000, 4)]
    public void Decode_PointerOfEverySize_IsFollowed(int target, int bytes)
    {
        MmdbFile file = new(32, 4);
        file.Data.Raw(new byte[target]).Text("there").Raw(new byte[10]);
        int offset = file.Data.Position;
        file.Data.Array(2).Pointer(target, bytes).Text("after");
        Assert.Equal("[\"there\",\"after\"]", Json(Insert(file, offset).Find(ClientAddress.FromV4(0))!));
    }

    [Fact]
    public void Decode_PointersIntoDataCacheContainer_AreFollowed()
    {
        MmdbFile file = new(24, 4);
        file.Data.Field(MmdbType.DataCacheContainer, 2);
        int key = file.Data.Position;
        file.Data.Text("name");
        int value = file.Data.Position;
        file.Data.Text("shared");
        int offset = file.Data.Position;
        file.Data.Map(1).Pointer(key, 1).Pointer(value, 4);
        file.Data.Field(MmdbType.EndMarker, 0);
        Assert.Equal("{\"name\":\"shared\"}", Json(Insert(file, offset).Find(ClientAddress.FromV4(0))!));
    }

    [Fact]
    public void Fields_NameTwice_FirstIsFound()
    {
        MmdbValue map = Read(d => d.Map(2).Text("a").Boolean(true).Text("a").Boolean(false));
        Assert.True(map["a"]!.IsTrue);
        Assert.Null(map["b"]);
        Assert.Equal(2, map.Fields.Length);
    }

    [Fact]
    public void Text_InvalidUtf8_IsReplaced() => Assert.Equal("\uFFFD", Read(d => d.Field(MmdbType.Utf8, 1, [0xFF])).Text);

    internal static void Write(MmdbData data, string name)
    {
        switch (name)
        {
            case "text": data.Text("Zürich"); break;
            case "empty": data.Text(""); break;
            case "double": data.Double(-122.0838); break;
            case "float": data.Float(37.422001f); break;
            case "nan": data.Double(double.NaN); break;
            case "infinity": data.Float(float.NegativeInfinity); break;
            case "bytes": data.Bytes([0, 1, 255]); break;
            case "uint16": data.Unsigned(MmdbType.UInt16, ushort.MaxValue); break;
            case "uint32": data.Unsigned(MmdbType.UInt32, uint.MaxValue); break;
            case "zero": data.Unsigned(MmdbType.UInt32, 0); break;
            case "int32": data.Int32(int.MinValue); break;
            case "shortint32": data.Field(MmdbType.Int32, 1, 255); break;
            case "uint64": data.Unsigned(MmdbType.UInt64, ulong.MaxValue); break;
            case "uint128": data.Unsigned(MmdbType.UInt128, UInt128.MaxValue); break;
            case "true": data.Boolean(true); break;
            case "false": data.Boolean(false); break;
            case "array": data.Array(3).Unsigned(MmdbType.UInt16, 1).Text("two").Array(0); break;
            default: data.Map(2).Text("a").Map(1).Text("b").Boolean(true).Text("c").Array(0); break;
        }
    }

    internal static MmdbValue Read(Action<MmdbData> write)
    {
        MmdbFile file = new(28, 4);
        write(file.Data);
        return Insert(file, 0).Find(ClientAddress.FromV4(0))!;
    }

    internal static string Json(MmdbValue value)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream)) value.WriteJson(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static MmdbReader Insert(MmdbFile file, int offset)
    {
        file.Insert(new IpPrefix(ClientAddress.FromV4(0), 1), offset);
        return file.ToReader();
    }
}
