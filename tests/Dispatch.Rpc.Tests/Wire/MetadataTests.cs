using Grpc.Core;

namespace TrafficDispatch.Rpc.Tests.Wire;

public sealed class MetadataTests
{
    [Fact]
    public void Get_KeyTwice_GivesTheLastAndAllGivesBoth()
    {
        var metadata = new Metadata { { "K", "1" }, { "k", "2" }, { "b-bin", new byte[] { 3 } } };
        Assert.Equal("2", metadata.GetValue("k"));
        Assert.Equal(2, metadata.GetAll("K").Count());
        Assert.Equal([3], metadata.GetValueBytes("b-bin"));
        Assert.Null(metadata.Get("absent"));
    }

    [Theory]
    [InlineData("", "v")]
    [InlineData("a b", "v")]
    [InlineData("ü", "v")]
    [InlineData("k-bin", "v")]
    [InlineData("k", "line\nbreak")]
    [InlineData("k", "ü")]
    public void Add_WhatHeadersCannotCarry_Throws(string key, string value) =>
        Assert.Throws<ArgumentException>(() => new Metadata().Add(key, value));

    [Fact]
    public void Add_BytesUnderTextKey_Throws() => Assert.Throws<ArgumentException>(() => new Metadata().Add("k", [1]));

    [Fact]
    public void Empty_Changed_Throws() => Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("k", "v"));

    [Fact]
    public void Value_OfBinaryEntry_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("k-bin", [1]).Value);

    [Fact]
    public void Status_Default_IsSuccessWithEmptyDetail() =>
        Assert.Equal((StatusCode.OK, string.Empty), (default(Status).StatusCode, default(Status).Detail));
}
