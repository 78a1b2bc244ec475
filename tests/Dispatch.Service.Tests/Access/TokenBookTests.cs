using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Tests.Access;

/// <summary>Lines of tokens, and what a header is worth.</summary>
public sealed class TokenBookTests
{
    private const string Ana = "ana-0123456789abcdefghij", Bo = "bo-0123456789abcdefghijk";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Parse_RoledLines_AreFoundByTokenAndByHash(int hashed)
    {
        string ana = hashed == 1 ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Ana))) : Ana;
        TokenBook book = TokenBook.Parse($"# people\nana viewer,operator {ana}\n\nbo\tpublisher {Bo}\r\n", TokenLines.WithRoles, out ImmutableArray<string> faults);
        Assert.Empty(faults);
        Assert.Equal(("ana", Roles.Viewer | Roles.Operator), book.Find("Bearer " + Ana));
        Assert.Equal(("bo", Roles.Publisher), book.Find("bearer " + Bo));
        Assert.Null(book.Find("Bearer " + Ana[..^1]));
        Assert.Null(book.Find(Ana));
        Assert.Null(book.Find("Basic " + Ana));
        Assert.Null(book.Find(null));
        // What stands in the file is no token itself.
        if (hashed == 1) Assert.Null(book.Find("Bearer " + ana));
    }

    [Theory]
    [InlineData("", "at least one line 'NAME ROLE[,ROLE] TOKEN'")]
    [InlineData("ana viewer", "line 1 has 2 words")]
    [InlineData("# x\nana king secret-secret-secret-secret", "line 2 must have roles")]
    [InlineData("ana viewer secret", "line 1 has a token of 6 characters")]
    [InlineData("ana viewer sha256:12", "line 1 must have 64 hexadecimal digits")]
    public void Parse_FaultyRoledLine_NamesTheLineAndNoToken(string text, string fault)
    {
        TokenBook book = TokenBook.Parse(text, TokenLines.WithRoles, out ImmutableArray<string> faults);
        Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", faults[0], StringComparison.Ordinal);
        Assert.True(book.IsEmpty);
    }

    [Theory]
    [InlineData("ams one two\n", "line 1 has 3 words")]
    [InlineData("ams one\nnyc\n", "line 2 has 1 words")]
    public void Parse_FaultyNamedLine_NamesTheLine(string text, string fault)
    {
        TokenBook.Parse(text, TokenLines.Named, out ImmutableArray<string> faults);
        Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain("one", faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OneToken_IsTheFirstLineAlone()
    {
        TokenBook book = TokenBook.Parse("secret\nanything\n", TokenLines.One, out ImmutableArray<string> faults);
        Assert.Empty(faults);
        Assert.True(book.Knows("Bearer secret"));
        Assert.False(book.Knows("Bearer anything"));
        Assert.True(TokenBook.Parse("", TokenLines.One, out _).IsEmpty);
        TokenBook.Parse("two words", TokenLines.One, out faults);
        Assert.Single(faults);
    }

    [Fact]
    public void Allows_OtherNameThanTheTokens_IsFalse()
    {
        TokenBook book = TokenBook.Parse("ams a-token\n* any-token", TokenLines.Named, out _);
        Assert.True(book.Allows("Bearer a-token", "ams"));
        Assert.False(book.Allows("Bearer a-token", "nyc"));
        Assert.True(book.Allows("Bearer any-token", "nyc"));
    }
}
