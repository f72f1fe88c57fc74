"""File name extensions that can be executed: lower case, without dot."""

from __future__ import annotations

from typing import Final

_SEED: Final = (
    "asd bat chm cmd com dll do exe hlp hta js jse lnk ocx pif reg scr shb shm shs vbe vbs vbx vxd wsf wsh xl"
)

# programs and installers: Windows, macOS, Linux, Android, Java
_PROGRAMS: Final = """
app appimage apk appx appxbundle cpl deb dmg drv gadget jar jnlp msi msix msixbundle msp mst msu pkg rpm run
sys xap xbap
"""
_SCRIPTS: Final = """
applescript bas csh fxp ksh mjs pl prg ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psdm1 psm1 py pyc pyo pyw pyz pyzw rb sct
sh vb vsmacros vsw wsc
"""
# what Windows runs, installs or follows on a double click
_FOLLOWED: Final = """
ade adp appcontent-ms application appref-ms asp aspx cer chi cnt crt der diagcab diagcfg diagpkg grp hpj htc inf ins isp
its library-ms mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz msc msh msh1 msh1xml msh2 msh2xml
mshxml ops osd pcd plg printerexport rdp scf search-ms searchconnector-ms settingcontent-ms theme themepack tmp udl url
webpnp website ws xll xnk
"""
# images of disks, whose files Windows does not mark as coming from outside; and archives that only old programs open
_IMAGES: Final = "ace arj cab img iso lzh udf uue vhd vhdx xxe"

SEED_EXTENSIONS: Final = frozenset(_SEED.split())
"""Network policy (seed 4), section 10: the default."""

FURTHER_EXTENSIONS: Final = frozenset(f"{_PROGRAMS} {_SCRIPTS} {_FOLLOWED} {_IMAGES}".split()) - SEED_EXTENSIONS
"""What providers and mail programs block besides; a second list for the operator to switch on."""
