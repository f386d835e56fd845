package dev.weft.proxy.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads our requests with somebody else's parser. */
class CertificationRequestTest {
  private static final String LABEL =
      "a123456789b123456789c123456789d123456789e123456789f123456789";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web.shop.serviceaccount.identity.linkerd.cluster.local",
        LABEL + "." + LABEL + "." + LABEL + ".identity.linkerd.cluster.local",
      })
  void der_ofName_isReadBackAndSigned(String name) throws Exception {
    KeyMaterial material = KeyMaterial.generate(name);
    PKCS10CertificationRequest request = new PKCS10CertificationRequest(material.request());

    assertThat(
            request.isSignatureValid(
                new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo())))
        .isTrue();
    assertThat(request.getSubject().getRDNs(BCStyle.CN)[0].getFirst().getValue()).hasToString(name);
    GeneralName[] names =
        GeneralNames.fromExtensions(
                request.getRequestedExtensions(), Extension.subjectAlternativeName)
            .getNames();
    assertThat(names).singleElement().isEqualTo(new GeneralName(GeneralName.dNSName, name));
  }
}
